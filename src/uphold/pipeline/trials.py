"""The trials of a search: asked of Optuna one after the other, and told how they score.

A tree-structured Parzen estimator proposes the settings, Hyperband says which trials end early (Li
et al. 2018, JMLR 18(185)). What is promised: the trials that are asked for rest on the search's
name, its seed and the scores that were told, and on nothing else; nothing is written.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from uphold.pipeline.search import Dimension, Search, acts
from uphold.training.contract import RunSettings

if TYPE_CHECKING:
    import optuna

RANDOM = 10
"""Trials that are drawn before any is proposed, where there are enough; a quarter where not."""
DIGITS = 3
"""Numbers from a range are tried as people write them."""


@dataclass
class Trial:
    """A trial while it is searched.

    Attributes
    ----------
    asked : optuna.Trial
    settings : dict
        What the search chose, of what acts.
    scores : dict of int to float
        Its score by budget.
    ended : {"", "whole", "pruned", "failed"}
        Nothing while it goes on.
    """

    asked: "optuna.Trial"
    settings: dict[str, Any]
    scores: dict[int, float] = field(default_factory=dict)
    ended: str = ""

    @property
    def number(self) -> int:
        """Its place in the order of asking, from 0."""
        return self.asked.number


class Trials:
    """The trials of one search.

    Parameters
    ----------
    name : str
        The search. Hyperband takes a trial's bracket from it and the trial's number.
    search : Search
    budgets : sequence of int
        Those of its trials, rising.
    start : mapping
        The settings that hold in every trial where it does not choose another.
    run : type
        The class of the settings of a run.
    """

    def __init__(
        self,
        name: str,
        search: Search,
        budgets: Sequence[int],
        start: Mapping[str, Any],
        run: type[RunSettings],
    ) -> None:
        import optuna

        self.search, self.budgets, self.start, self.run = search, budgets, start, run
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        at_random = min(RANDOM, search.trials // 4)
        self.pruner = optuna.pruners.HyperbandPruner(
            min_resource=min(search.budget.least, budgets[-1]),
            max_resource=budgets[-1],
            reduction_factor=search.budget.factor,
        )
        self.asking = optuna.create_study(
            study_name=name,
            direction="maximize" if search.higher else "minimize",
            sampler=optuna.samplers.TPESampler(seed=search.seed, n_startup_trials=at_random),
            pruner=self.pruner,
        )

    def ask(self) -> Trial:
        """Ask for a trial: what acts beside what was chosen is chosen next, in the order given."""
        trial = Trial(self.asking.ask(), {})
        waiting = list(self.search.space)
        while True:
            beside = {**self.start, **trial.settings}
            acting = [name for name in waiting if acts(name, self.search, self.run, beside)]
            if not acting:
                return trial
            waiting.remove(acting[0])
            chosen = _suggested(trial.asked, acting[0], self.search.space[acting[0]])
            trial.settings[acting[0]] = chosen

    def first_budget(self, trial: Trial) -> int:
        """Return the budget at which a trial is looked at first: that of its bracket.

        Optuna names no bracket; without it, trials of later brackets would be trained at budgets
        whose scores nobody looks at.
        """
        frozen = self.asking.get_trials(deepcopy=False)[trial.number]
        if not self.pruner._pruners:
            self.pruner._try_initialization(self.asking)
        bracket = self.pruner._get_bracket_id(self.asking, frozen)
        return self.budgets[min(bracket, len(self.budgets) - 1)]

    def tell(self, trial: Trial, budget: int, score: float | None) -> None:
        """Tell a trial's score at a budget, None where it failed; say whether it has ended."""
        from optuna.trial import TrialState

        if score is None:
            trial.ended = "failed"
            self.asking.tell(trial.asked, state=TrialState.FAIL)
            return
        trial.scores[budget] = score
        trial.asked.report(score, budget)
        if budget == self.budgets[-1]:
            trial.ended = "whole"
            self.asking.tell(trial.asked, score)
        elif trial.asked.should_prune():
            trial.ended = "pruned"
            with warnings.catch_warnings():  # Optuna warns where a trial is told without a value
                warnings.simplefilter("ignore")
                self.asking.tell(trial.asked, state=TrialState.PRUNED)


def _suggested(asked: "optuna.Trial", name: str, dimension: Dimension) -> Any:
    if dimension.levels is not None:
        return asked.suggest_categorical(name, dimension.levels)
    assert dimension.low is not None and dimension.high is not None
    value = asked.suggest_float(name, dimension.low, dimension.high, log=dimension.log)
    return min(max(float(f"{value:.{DIGITS}g}"), dimension.low), dimension.high)
