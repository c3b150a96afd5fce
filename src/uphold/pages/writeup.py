"""What a document asks for: its write-up's analysis, sweep by sweep.

What comes in: ``results/<write-up>/analysis.json`` and the tables beside it, as the pipeline made
them. What goes out: values to print and tables to draw from. Nothing is computed here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.analysis.model.estimates import Description
from uphold.analysis.model.found import read
from uphold.analysis.model.larger import Larger
from uphold.analysis.model.report import Report
from uphold.analysis.model.runs import Configuration, DrawnConfiguration, Runs, SweepFound
from uphold.analysis.model.writeup import Archived, Claim, Writeup
from uphold.errors import InputError, nearest
from uphold.format import digits_of, name, named, short, use_names
from uphold.pipeline.stages.files import read_json, reading

ENSEMBLE = "ensemble"
ANALYSIS, LARGER = "analysis.json", "larger.json"
Shown = Configuration | DrawnConfiguration
NOTHING = Description(
    n=0, seeds=0, failed=0, mean=None, sd=None, sem=None, ci_low=None, ci_high=None
)
"""The description of a metric that no run has a score of."""


@dataclass(frozen=True)
class Sweep:
    """One sweep as its write-up sees it.

    Attributes
    ----------
    name : str
        Its name in ``params.yaml``.
    found : SweepFound or Runs
        Its part of the analysis.
    page : Page
        The write-up that it belongs to.
    """

    name: str
    found: SweepFound | Runs
    page: "Page"

    @property
    def title(self) -> str:
        """Its title."""
        return self.found.title

    @property
    def unit(self) -> str:
        """What is replicated, in words: the seed, a fold, or the replicate of a log."""
        if isinstance(self.found, SweepFound):
            return name(self.found.design.replicate[0])
        assert isinstance(self.page.found, Report)
        return name(self.page.found.replicate)

    @property
    def designed(self) -> SweepFound:
        """What a study's sweep says beyond what any log does."""
        if isinstance(self.found, SweepFound):
            return self.found
        raise TypeError(f"{self.name} is a log, which has no design.")

    @property
    def factors(self) -> dict[str, list[Any]]:
        """Factor to levels, in the order of the design."""
        return self.designed.design.levels

    def levels(self, factor: str) -> list[Any]:
        """Return the levels of one of its factors."""
        if factor not in self.factors:
            raise InputError(
                f"The sweep {self.name!r} has no factor {factor!r}.{nearest(factor, self.factors)}"
                " Change the document or the sweep's design."
            )
        return self.factors[factor]

    def in_order(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings in the order of the design: its factors', and that of what arms set."""
        design = self.designed.design
        known = [*design.levels, *(name for arm in design.arms.values() for name in arm)]
        return {name: settings[name] for name in (*known, *settings) if name in settings}

    def metric(self, configuration: Shown, metric: str) -> Description:
        """Return a configuration's description by a metric, empty where these data have none."""
        self.page.label(metric)
        return configuration.metrics.get(metric, NOTHING)

    @property
    def configurations(self) -> Sequence[Shown]:
        """The configurations, best first; of a run log not all of them."""
        return self.found.configurations

    @property
    def count(self) -> int:
        """How many configurations there are."""
        return self.found.count if isinstance(self.found, Runs) else len(self.configurations)

    def scores_of(self, configuration: Shown, metric: str) -> list[float]:
        """Return the scores of a configuration's runs; those of a run log lie beside it."""
        if isinstance(configuration, DrawnConfiguration):
            return list(configuration.scores)
        table = self.scores[self.scores["configuration"] == configuration.configuration]
        found: list[float] = table[metric].tolist()
        return found

    def chosen(self, only: Sequence[Mapping[str, Any]] = ()) -> Sequence[Configuration]:
        """Return the configurations with these levels, in their order; all, where none is named."""
        configurations = self.designed.configurations
        if not only:
            return configurations
        found: list[Configuration] = []
        for levels in only:
            fits = [c for c in configurations if c.levels.items() >= dict(levels).items()]
            if not fits:
                raise InputError(f"{self.name} has no configuration with {short(levels)}.")
            found += fits
        return found

    @property
    def folder(self) -> Path:
        """Where its tables lie."""
        return self.page.folder / "sweeps" / self.name

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run, with its key in the journal."""
        return self._table("runs.csv")

    @cached_property
    def training(self) -> dict[str, dict[str, Any]]:
        """When each run was trained, for how long and on what, by its key in the journal."""
        return read_json(self.folder / "training.json")

    def _table(self, name: str) -> pd.DataFrame:
        path = self.folder / name
        with reading(path):
            return pd.read_csv(path)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row a run."""
        return self._table("scores.csv")

    @cached_property
    def curves(self) -> pd.DataFrame:
        """The curves, averaged over the runs of a configuration."""
        return self._table("curves.csv")

    @cached_property
    def confusions(self) -> pd.DataFrame:
        """Which class was taken for which, counted over the runs of a configuration."""
        return self._table("confusions.csv")

    @cached_property
    def histories(self) -> pd.DataFrame:
        """One row an epoch of a run."""
        return self._table("histories.csv")


@dataclass(frozen=True)
class Page:
    """One write-up: what the pipeline found for it.

    Attributes
    ----------
    name : str
        Its name in ``params.yaml``.
    root : Path
        The repository's root.
    found : Writeup or Report
        Its analysis.
    questions : mapping, optional
        Question to the ids of the primary claims that answer it, as the document orders them.

    Raises
    ------
    InputError
        Where a question names what is no primary claim, or a primary claim is under no question or
        under two.
    """

    name: str
    root: Path
    found: Writeup | Report
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise where the questions do not have each primary claim once."""
        if not self.questions:
            return
        asked = Counter(key for keys in self.questions.values() for key in keys)
        for key, times in asked.items():
            if self.claim(key).role != "primary":
                raise InputError(
                    f"The document of {self.name!r} asks a question of {key!r}, which is no primary"
                    " claim. Leave it out, or declare its role as primary."
                )
            if times > 1:
                raise InputError(f"The document of {self.name!r} has {key!r} under two questions.")
        left = [key for key in self._of_role("primary") if key not in asked]
        if left:
            raise InputError(
                f"The document of {self.name!r} has no question for {named(left)}: put each primary"
                " claim under one."
            )

    @property
    def folder(self) -> Path:
        """Where its results lie."""
        return self.root / "results" / self.name

    @property
    def title(self) -> str:
        """Its title."""
        return self.found.title

    @property
    def writeup(self) -> Writeup:
        """What a study's write-up says beyond what a report of any log does."""
        if isinstance(self.found, Writeup):
            return self.found
        raise TypeError(f"{self.name} reports a log, which belongs to no study.")

    @property
    def archived(self) -> Archived:
        """The archived write-up that it repeats."""
        if self.writeup.archived is None:
            raise InputError(
                f"{self.name!r} repeats no archived write-up: no file in"
                f" data/published/{self.writeup.study} names it as its writeup."
            )
        return self.writeup.archived

    @cached_property
    def larger(self) -> Larger:
        """What its sweeps say at a larger scale; nothing where that was not tried."""
        path = self.folder / LARGER
        if not isinstance(self.found, Writeup) or not path.is_file():
            return Larger()
        return read(Larger, path, f"python bench/agreement.py {self.name}")

    @property
    def primary(self) -> str:
        """The metric by which configurations are ranked."""
        return self.found.primary

    @property
    def finished(self) -> str:
        """The day on which its last run was finished; nothing where that was not written down."""
        runs = (run for sweep in self.sweeps for run in sweep.training.values())
        return max((run["finished"][:10] for run in runs), default="")

    @property
    def sweeps(self) -> list[Sweep]:
        """Its sweeps, in the order of ``params.yaml``."""
        return [Sweep(name, found, self) for name, found in self.found.sweeps.items()]

    def sweep(self, name: str) -> Sweep:
        """Return one of its sweeps."""
        sweeps = {sweep.name: sweep for sweep in self.sweeps}
        if name not in sweeps:
            raise InputError(
                f"The write-up {self.name!r} has no sweep {name!r}.{nearest(name, sweeps)}"
            )
        return sweeps[name]

    def claim(self, key: str) -> Claim:
        """Return one of its claims."""
        claims = self.found.claims
        if key not in claims:
            raise InputError(
                f"The write-up {self.name!r} has no claim {key!r}.{nearest(key, claims)} Change"
                " the document, or declare the claim in the study's params."
            )
        return claims[key]

    @property
    def by_question(self) -> dict[str, dict[str, Claim]]:
        """The primary claims by the question that they answer; without questions, one group."""
        if not self.questions:
            return {"": self._of_role("primary")}
        return {
            question: {key: self.claim(key) for key in keys}
            for question, keys in self.questions.items()
        }

    @property
    def leading(self) -> Mapping[str, Mapping[str, Claim]]:
        """The claims of the first picture: the primary ones by question, or all where none is."""
        return self.by_question if self.primary_claims else {"": self.found.claims}

    @property
    def primary_claims(self) -> dict[str, Claim]:
        """The primary claims, question by question, else as they were declared."""
        groups = self.by_question.values()
        return {key: claim for group in groups for key, claim in group.items()}

    @property
    def exploratory_claims(self) -> dict[str, Claim]:
        """The other claims, as they were declared."""
        return self._of_role("secondary")

    def _of_role(self, role: str) -> dict[str, Claim]:
        return {key: claim for key, claim in self.found.claims.items() if claim.role == role}

    def shown(self, claim: Claim) -> str:
        """Return a claim's estimate with its interval, and of what, where its words do not say.

        Nothing where there is none.
        """
        label, outcome = self.label(claim.metric), claim.outcome
        said = claim.metric == self.primary or label.lower() in claim.says.lower()
        if said or not claim.shown or outcome.ratio or outcome.anova is not None:
            return claim.shown
        return f"{claim.shown} in {label}"

    def unit(self, claim: Claim) -> str:
        """Return what a claim's units are called: ensembles, where runs predict together."""
        return ENSEMBLE if claim.members > 1 else self.sweep(claim.sweep).unit

    def label(self, metric: str) -> str:
        """Return a metric's label."""
        metrics = self.found.metrics
        if metric not in metrics:
            raise InputError(
                f"The study has no metric {metric!r}.{nearest(metric, metrics)} Declare it in "
                "the study's params, or change the document."
            )
        return metrics[metric].label

    def there(self, *metrics: str) -> list[str]:
        """Return these metrics, each once: one that the data cannot have by what stands in."""
        found = self.found.stood_in if isinstance(self.found, Writeup) else None
        instead = found.metrics if found else {}
        return list(dict.fromkeys(instead.get(metric, metric) for metric in metrics))

    def margin(self, metric: str) -> float:
        """Return the smallest difference of a metric that matters."""
        return self.found.metrics[metric].margin

    def digits(self, metric: str) -> int:
        """Return how many decimals show a metric's margin to two figures."""
        return digits_of(self.margin(metric))


def writeup(
    name: str, root: Path | None = None, *, questions: Mapping[str, Sequence[str]] | None = None
) -> Page:
    """Open a write-up: from now on, settings and levels have its study's names.

    Parameters
    ----------
    name : str
        Its name in ``params.yaml``.
    root : Path, optional
        The repository's root; by default the nearest folder upwards that holds ``params.yaml``.
    questions : mapping, optional
        Question to the ids of the primary claims that answer it, each claim once.

    Raises
    ------
    InputError
        Where it has not been analyzed yet, or by another version, or by the questions: see `Page`.
    """
    root = root or root_above()
    path = root / "results" / name / ANALYSIS
    found = read(Writeup, path, f"dvc repro analyze@{name}")
    use_names(found.names)
    return Page(name, root, found, questions or {})


def root_above() -> Path:
    """Return the nearest folder, from here upwards, that holds ``params.yaml``."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "params.yaml").is_file():
            return folder
    raise InputError(f"No params.yaml in {here} or above it: render inside the repository.")
