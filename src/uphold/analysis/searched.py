"""What a search for settings comes to: its course, its cost, which settings mattered, what held.

What comes in: a search as it was published, and the scores of its finalists over seeds. What goes
out: a `Searched`. What is promised: a trial's score was chosen for being good and is shown beside
what the same settings score on seeds that ranked no trial; importances come with how far they move
when other trials are drawn.

Importances are those of PED-ANOVA (Watanabe, Bansal and Hutter 2023, IJCAI, arXiv 2304.10255), as
Optuna computes them: how far the settings of the best trials are spread unlike those of all. Trials
are ranked as finalists are, whole ones before those that ended early.
"""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from uphold.analysis.model.runs import (
    Design,
    Importance,
    OverSeeds,
    Reached,
    Search,
    Searched,
    Tried,
)
from uphold.statistics.descriptions import describe
from uphold.statistics.scores import Scores

ARM = "arm"
BEST, SHARE = 5, 0.1
"""The best trials: a tenth of them, and as many as PED-ANOVA asks for at least."""
DRAWS = 100
"""Samples of the trials, as many as there were, drawn with replacement."""
WITHIN = (0.025, 0.975)


def searched(scores: Scores, design: Design) -> Searched | None:
    """Return what the search behind a sweep comes to; None where there was none.

    Parameters
    ----------
    scores : Scores
        Of the sweep: the finalists over seeds, and what the search began at.
    design : Design
        Of the sweep.
    """
    search = design.search
    if search is None:
        return None
    ends = [trial.ended for trial in search.trials]
    return Searched(
        whole=ends.count("whole"),
        pruned=ends.count("pruned"),
        failed=ends.count("failed"),
        trained=sum(sum(trial.scores) for trial in search.trials),
        without_ends=len(ends) * search.budgets[-1],
        course=tuple(_course(search)),
        importances=_importances(search),
        arms=tuple(_over_seeds(search, scores, design)),
    )


def _course(search: Search) -> Iterator[Reached]:
    best: float | None = None
    for trial in search.trials:
        if not trial.scores:
            continue
        last = max(trial.scores)
        score = trial.scores[last]
        if trial.ended == "whole":
            better = best is None or (score > best) == search.higher
            best = score if better else best
        yield Reached(number=trial.number, budget=last, score=score, best=best)


def _over_seeds(search: Search, scores: Scores, design: Design) -> Iterator[OverSeeds]:
    trials = dict(zip(design.levels[ARM][1:], search.finalists, strict=False))
    described = describe(scores, search.by, by=(ARM,))
    sign = 1 if search.higher else -1
    for arm in design.levels[ARM]:
        row, one = described.loc[arm], trials.get(arm)
        # A trial that ended early was scored at a smaller budget than the runs over seeds are.
        trial = one and search.trials[one.trial]
        score = trial.scores[max(trial.scores)] if trial and trial.ended == "whole" else None
        ends = [] if score is None else [sign * (score - row[end]) for end in ("ci_low", "ci_high")]
        yield OverSeeds(
            arm=arm,
            trial=one and one.trial,
            searched=score,
            mean=row["mean"],
            sd=row["sd"],
            n=int(row["n"]),
            flattered=None if score is None else sign * (score - row["mean"]),
            ci_low=min(ends, default=None),
            ci_high=max(ends, default=None),
        )


def _importances(search: Search) -> tuple[Importance, ...]:
    """Return each setting's share, the largest first; none from too few trials."""
    trials = _ranked(search)
    if len(trials) < 2 * BEST:
        return ()
    shares = _shares(search, trials, range(len(trials)))
    rng = np.random.default_rng(search.seed)
    drawn = [
        _shares(search, trials, np.sort(rng.integers(len(trials), size=len(trials))).tolist())
        for _ in range(DRAWS)
    ]
    found = [
        Importance(
            setting=name,
            share=share,
            low=np.quantile([one.get(name, 0.0) for one in drawn], WITHIN[0]),
            high=np.quantile([one.get(name, 0.0) for one in drawn], WITHIN[1]),
            trials=sum(name in trial.settings for trial in trials),
        )
        for name, share in shares.items()
    ]
    return tuple(sorted(found, key=lambda one: (-(one.share or 0), one.setting)))


def _ranked(search: Search) -> list[Tried]:
    """Return the trials that have a score, best first."""
    sign = -1 if search.higher else 1

    def place(trial: Tried) -> tuple[int, float, int]:
        last = max(trial.scores)
        return -last, sign * trial.scores[last], trial.number

    return sorted((trial for trial in search.trials if trial.scores), key=place)


def _shares(search: Search, trials: Sequence[Tried], places: Sequence[int]) -> dict[str, float]:
    """Return the settings' shares by the trials at some places of the ranking, best first."""
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    known = {name: _distribution(parts) for name, parts in search.space.items()}
    study = optuna.create_study()  # the lowest value is the best: a place in the ranking
    study.add_trials(
        [
            optuna.trial.create_trial(
                params=trials[place].settings,
                distributions={name: known[name] for name in trials[place].settings},
                value=float(place),
            )
            for place in places
        ]
    )
    evaluator = PedAnovaImportanceEvaluator(target_quantile=max(SHARE, BEST / len(places)))
    with (
        warnings.catch_warnings()
    ):  # that a setting was asked for in few trials; their number is told
        warnings.simplefilter("ignore")
        return get_param_importances(study, evaluator=evaluator)


def _distribution(parts: dict[str, Any]) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    if "levels" in parts:
        return CategoricalDistribution(parts["levels"])
    return FloatDistribution(parts["from"], parts["to"], log=parts["log"])
