"""How a log of runs is to be read: its replicate, factors, metrics and claims.

In: a mapping, from ``params.yaml`` or a spec file. Out: checked settings. Promised: an unknown key,
a metric or a factor that does not exist, and a claim without exactly one form are errors that name
the key and the nearest valid one. Importing this costs no more than pydantic.
"""

from collections.abc import Collection, Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from uphold.claims.claim import Claim
from uphold.claims.forms import AnyClaim
from uphold.claims.metric import Metric
from uphold.claims.numeric import Scale
from uphold.claims.published import Published
from uphold.claims.row_rules import Rows
from uphold.claims.shaping import History, Melt
from uphold.errors import InputError
from uphold.validation import Looks, Settings, known, read_yaml, validated
from uphold.wrong_values import as_written

CHOOSE = "CHOOSE"
"""What a proposal says where a person has to choose."""


def _replicates(value: Any) -> Any:
    if not isinstance(value, str | list | tuple):
        raise ValueError(
            f"{as_written(value)} is neither a column nor a list of them: name the column in which"
            " repeated runs differ, such as replicate: seed, or several, the outermost first, such"
            " as replicate: [dataset, seed]."
        )
    return (value,) if isinstance(value, str) else value


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError(
            "it names no column: give the one in which repeated runs differ, such as seed."
        )
    if twice := [name for i, name in enumerate(names) if name in names[:i]]:
        raise ValueError(f"{twice[0]!r} stands twice: name each column once, the outermost first.")
    return names


Replicates = Annotated[
    tuple[str, ...],
    BeforeValidator(_replicates),
    AfterValidator(_each_once),
    Field(examples=["seed", ["dataset", "seed"]]),
]
"""One column, or several of which each lies within the one before."""


class Spec(Settings):
    """How one log is to be read.

    Attributes
    ----------
    replicate : list of str
        The columns in which the runs of one configuration differ, outermost first: the values of
        the first are the units of inference, such as seeds, or data sets with seeds within them.
        One column may stand without a list.
    factors : list of str
        The columns of the design.
    metrics : mapping of str to Metric
        Score columns.
    primary : str
        The metric that a report leads with.
    numeric : mapping of str to {"log", "linear"}
        Settings that are numbers along which scores change, such as those that a search drew, with
        the scale on which they act. They have slopes and no levels: none of them is a factor.
    title : str
    run : str, optional
        The column that names a run.
    rows : mapping of str to Rule
        Which rows of the file to use; see `uphold.claims.row_rules`.
    aside : list of str
        Columns that are taken no notice of.
    missing : {"any", "level"}
        What an empty cell of a factor is: without effect, so that the run stands for any level; or
        a level of its own, "None".
    melt : Melt, optional
        Columns that hold a run each.
    history : History, optional
        The rows are epochs or steps of runs, of which one is kept. It stands beside ``rows`` and
        is none of its rules: those choose rows one by one, this one chooses within each run.
    training : list of str
        Columns that describe a run's training set.
    looks : list of int
        The numbers of units (seeds) at which claims may be judged, rising, where they were declared
        before the first run; see `uphold.claims.looks.Looks` for which units are the first.
    claims : mapping of str to Claim
    published : list of Published
        A printed table to compare with.
    """

    replicate: Replicates
    factors: list[str]
    metrics: Annotated[dict[str, Metric], Field(min_length=1)]
    primary: str
    numeric: Annotated[dict[str, Scale], Field(examples=[{"lr": "log", "dropout": "linear"}])] = {}
    title: str = ""
    run: str | None = None
    rows: Annotated[Rows, Field(examples=[{"state": "finished"}])] = {}
    aside: list[str] = []
    missing: Literal["any", "level"] = "any"
    melt: Melt | None = None
    history: History | None = None
    training: list[str] = []
    looks: Looks = []
    claims: dict[str, AnyClaim] = {}
    published: list[Published] = []


def read_spec(text: str, source: str) -> Spec:
    """Return the spec in a YAML text.

    Raises
    ------
    InputError
        With everything that is wrong, each by its place.
    """
    values = read_yaml(text, source)
    if not isinstance(values, dict):
        raise InputError(f"{source} holds no spec: it should map replicate, factors, metrics, ….")
    _refuse_unchosen(values, source)
    return check_spec(validated(Spec, values, source), source)


def _refuse_unchosen(values: dict[str, Any], source: str) -> None:
    """Refuse a proposal in which something is still to be chosen."""
    for key, what in (
        ("replicate", "the column in which repeated runs of one configuration differ"),
        ("factors", "the columns that are compared"),
        ("metrics", "the columns of results"),
        ("primary", "the metric that the report leads with"),
    ):
        given = values.get(key)
        if given == CHOOSE or (isinstance(given, list | dict) and CHOOSE in given):
            raise InputError(
                f"{source}: {key} still says {CHOOSE}: write {what} in its place. The comments of"
                " the proposal name the candidates; where the log has none, add that column to it."
            )


def check_spec(spec: Spec, source: str) -> Spec:
    """Check that the names within a spec exist, and return it."""
    known(spec.primary, spec.metrics, "metric", f"{source}: primary")
    if both := [name for name in spec.factors if name in spec.replicate]:
        raise InputError(
            f"{source}: factors: {both[0]!r} stands under replicate as well. Remove it there if its"
            " values are what is compared, or here if they are repeats of one run."
        )
    if not spec.factors and not spec.numeric:
        raise InputError(
            f"{source}: factors names no column: name what is compared, or under numeric a setting"
            " that is a number, such as lr: log."
        )
    for setting in spec.numeric:
        for place in ("factors", "replicate", "metrics"):
            if setting in getattr(spec, place):
                raise InputError(
                    f"{source}: numeric: {setting!r} stands under {place} as well. Remove one."
                )
    for name, claim in spec.claims.items():
        check_claim(
            claim, spec.metrics, spec.factors, f"{source}: claims.{name}", numeric=spec.numeric
        )
    for i, row in enumerate(spec.published):
        for metric in row.values:
            known(metric, spec.metrics, "metric", f"{source}: published.{i}")
        for factor in row.where:
            known(factor, spec.factors, "factor", f"{source}: published.{i}.where")
    return spec


def check_claim(
    claim: Claim,
    metrics: Iterable[str],
    factors: Iterable[str],
    source: str,
    items: Collection[str] = (),
    numeric: Collection[str] = (),
) -> None:
    """Raise `InputError` unless the claim's metric, factors and numeric settings exist, and the
    items it is about.

    ``items`` are the metrics of which it is known what each test item adds.
    """
    known(claim.metric, metrics, "metric", f"{source}.metric")
    for place, factor in claim.factors().items():
        known(factor, factors, "factor", f"{source}.{place}")
    for place, setting in claim.numeric().items():
        if not numeric:
            raise InputError(
                f"{source}.{place}: {setting!r} is no numeric setting, and there is none: a log's"
                " spec names them under numeric, such as lr: log."
            )
        known(setting, numeric, "numeric setting", f"{source}.{place}")
    if claim.about == "items-like-these" and claim.metric not in items:
        only = f"is known of {', '.join(sorted(items))} alone" if items else "is not known here"
        raise InputError(
            f"{source}.about is items-like-these, but what each test item adds to {claim.metric}"
            f" {only}: leave 'about' out, which makes it a claim about these-items."
        )
