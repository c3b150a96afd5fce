"""How often a slope over the trials of a search is wrong: `python bench/slope.py`.

Searches that are made up, random ones and ones by Optuna's TPE, which places trials by what it has
seen; three settings and an optimizer, of which one setting is claimed to change the score. Of each
kind: the share of logs in which it was said to, though it does nothing or the contrary; and of
intervals that hold the truth. What bends is not judged: its share stands beside. `slope.txt` has
the table of 400 searches of each kind, of 15 and of 30 trials. Slow: TPE takes its time.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import optuna
import pandas as pd

from uphold.calibration.case import judged
from uphold.calibration.tables import BASE, NOISE
from uphold.claims.spec import Spec
from uphold.randomness import generator
from uphold.validation import validated

MARGIN = 0.5 * NOISE
Mean = Callable[[float, float, float, bool], float]
"""What a trial's settings add, each from -1 to 1, in units of `NOISE`."""


@dataclass(frozen=True)
class Kind:
    """A kind of search: what settings do, how noise spreads, and the true slope of the first."""

    title: str
    mean: Mean
    slope: float = 0.0
    spread: Callable[[float], float] = lambda x: 1.0
    heavy: bool = False


KINDS = (
    Kind("nothing acts", lambda x, d, w, sgd: 0.0),
    Kind("the others act, one of them as a hump", lambda x, d, w, sgd: 2 * d - 3 * w**2 - sgd),
    Kind("the others interact", lambda x, d, w, sgd: 3 * d * w),
    Kind("noise three times as large at one end", lambda x, d, w, sgd: d, 0.0, lambda x: 2 + x),
    Kind("heavy tails", lambda x, d, w, sgd: d, heavy=True),
    Kind("it acts, as a line", lambda x, d, w, sgd: x + d - w**2, 1.0),
    Kind("it acts, as a hump", lambda x, d, w, sgd: d - 4 * x**2),
)


def claims() -> Spec:
    """Return how the logs are read, with the one claim."""
    values = {
        "replicate": "trial",
        "factors": ["optimizer"],
        "numeric": {"lr": "log", "dropout": "linear", "width": "log"},
        "metrics": {"score": {"label": "score", "better": "higher", "margin": MARGIN}},
        "primary": "score",
        "claims": {
            "it": {"metric": "score", "slope": {"of": "lr", "per": 100}, "expect": "difference"}
        },
    }
    return validated(Spec, values, "a spec that is made up")


def drawn(kind: Kind, sampler: str, trials: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the trials of a search."""
    seed = int(rng.integers(2**31))
    samplers = optuna.samplers
    chosen = samplers.TPESampler(seed=seed) if sampler == "TPE" else samplers.RandomSampler(seed)
    study = optuna.create_study(direction="maximize", sampler=chosen)
    rows = []
    for number in range(trials):
        trial = study.ask()
        lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        dropout = trial.suggest_float("dropout", 0.0, 0.5)
        width = trial.suggest_float("width", 16, 512, log=True)
        optimizer = trial.suggest_categorical("optimizer", ["adam", "sgd"])
        x, d, w = np.log10(lr) / 2 + 1.5, 4 * dropout - 1, np.log2(width / 16) / 2.5 - 1
        noise = rng.standard_t(3) / np.sqrt(3) if kind.heavy else rng.standard_normal()
        y = kind.mean(x, d, w, optimizer == "sgd") + kind.spread(x) * noise
        study.tell(trial, y)
        rows.append((number, lr, dropout, width, optimizer, BASE + NOISE * y))
    return pd.DataFrame(rows, columns=["trial", "lr", "dropout", "width", "optimizer", "score"])


def rates(kind: Kind, sampler: str, trials: int, searches: int) -> str:
    """Return a line: what was found of so many searches."""
    spec, true = claims(), kind.slope * NOISE
    said = covered = known = bent = equivalent = 0
    for number in range(searches):
        rng = generator(0, "slope", kind.title, sampler, trials, number)
        j = judged(drawn(kind, sampler, trials, rng), spec)["it"]
        wrong_side = j.outcome.value * true <= 0
        said += j.verdict == "supported" and wrong_side
        equivalent += j.verdict == "equivalent"
        bent += bool(j.outcome.reason)
        if np.isfinite(j.outcome.ci_low):
            known += 1
            covered += j.outcome.ci_low <= true <= j.outcome.ci_high
    held = f"{covered / known:.3f}" if known >= searches / 4 else "  –  "
    return (
        f"{kind.title:40}  {sampler:6}  {trials:4}  {said / searches:9.3f}"
        f"  {equivalent / searches:10.3f}  {held:>8}  {bent / searches:6.3f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=400)
    parser.add_argument("--trials", type=int, nargs="+", default=[15, 30, 100])
    parser.add_argument("--samplers", nargs="+", default=["random", "TPE"])
    asked = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    print(f"{'':40}  search  trials  false sign  equivalent  covered   bends")
    for kind in KINDS:
        for sampler in asked.samplers:
            for trials in asked.trials:
                print(rates(kind, sampler, trials, asked.searches))
                sys.stdout.flush()


if __name__ == "__main__":
    main()
