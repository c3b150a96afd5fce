"""The name of a column → what it holds, as far as a name tells.

In: a column's name, in the manner of any tracker (``ood_f1``, ``val/f1-score``, ``config.lr``,
``metrics.testAccuracy``). Out: a `Name`. Promised: names are read word by word, so that a word
within another one means nothing, and the columns of one evaluation share their ``group``.
"""

import re
from dataclasses import dataclass
from typing import Literal

from uphold.statistics.scores import EPOCHS, ITEMS

COUNTS = ("tp", "fp", "fn", "tn")
PROPORTIONS = ("f1", "accuracy", "auroc", "auprc", "error", "recall", "precision")
"""Kinds of metrics, the one that tells most of an evaluation first."""


def _either(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


_MARKS = {"tp": "true positive", "fp": "false positive", "fn": "false negative"}
_MARKS |= {"tn": "true negative"}
_ROLES = {
    "threshold": "threshold|thresh|cutoff",
    **{count: f"{count}|{words}|{words}s" for count, words in _MARKS.items()},
    "items": "support|n items|num items",
    "score": "balanced accuracy|balanced acc|root mean squared error|root mean square error"
    "|mean absolute error|mean squared error|mean absolute percentage error"
    "|expected calibration error|calibration error",
    "auprc": "average precision|pr auc|auc pr|auprc|prauc|map|ap",
    "auroc": "roc auc|auc roc|auroc|rocauc|auc",
    "f1": "f1 score|f score|f1|fscore|f1score",
    "precision": "precision|ppv",
    "recall": "recall|sensitivity|tpr",
    "accuracy": "accuracy|acc|top1|top 1|top5|top 5|acc1|acc5|exact match",
    "error": "error rate|error|err|wer|cer|eer",
}
_SCORES = (
    "loss|rmse|mse|mae|nll|perplexity|ppl|bleu|rouge|iou|dice|score|reward|return|r2|mcc|kappa"
    "|ndcg|mrr|specificity|psnr|ssim|fid|ece|brier|crps|bpb|bpc|mape|smape|lpips|latency"
    "|energy score|nrmse|rmsle|msle|rms|wape|mase|logloss|log loss|cross entropy|xent|bpd"
    "|bits per byte|bits per dim|bits per character|negative log likelihood|log likelihood|elbo"
    "|fvd|kid|epe|ade|fde|chamfer|hausdorff|pesq|stoi|sdr|chrf|meteor|spearman|pearson|regret"
    "|win rate|success rate|hit rate|throughput|converge|convergence|inference time"
)
# The whole of a name that tells of a score and not of which.
_WHOLE_SCORES = _either(
    "test|val|valid|validation|dev|value|objective|objective value|metric value|result|fitness"
)
_PHRASES = [
    (tuple(phrase.split()), role)
    for role, phrases in (*_ROLES.items(), ("score", _SCORES))
    for phrase in phrases.split("|")
]
_LOWER = _either(
    "loss|rmse|mse|mae|nll|perplexity|ppl|absolute|squared|error|err|wer|cer|eer|fid|ece|brier|crps"
    "|bpb|bpc|mape|smape|lpips|latency|nrmse|rmsle|msle|rms|wape|mase|logloss|entropy|xent|bpd"
    "|fvd|kid|epe|ade|fde|chamfer|hausdorff|regret|converge|convergence"
)
_LOWER_PHRASES = (
    *("energy score", "log loss", "bits per byte", "bits per dim", "bits per character"),
    *("negative log likelihood", "inference time"),
)
# With which words an error is a share of what was predicted; a rotation error is none.
_SHARED_OUT = _either(
    "test|ood|iid|heldout|final|val|valid|validation|dev|eval|train|training|best|last|mean|average"
    "|avg|classification|misclassification|top|top1|top5|1|5|zero|one|word|character|char|token"
    "|phoneme|equal|percent|pct|clean|overall|total|rate|other"
)
_SPLITS = {
    "validation": {"val", "valid", "validation", "dev", "eval"},
    "train": {"train", "training"},
    "test": {"test", "ood", "iid", "heldout", "final"},
}
_NAMESPACES = {
    "setting": {"params", "param", "config", "hparams", "hyperparameters", "args"},
    "result": {"metrics", "metric", "summary"},
    "aside": {"tags", "wandb", "system"},
}
# What makes of a score's name a setting, such as the weight of a loss.
_SETTINGS = _either(
    "alpha|beta|coef|coefficient|decay|dropout|function|gamma|lambda|lr|margin|mode|name|power|prob"
    "|probability|rank|ratio|reduction|scale|smoothing|temperature|type|warmup|weight|weights"
)
SETTING_WORDS = _SETTINGS | _either(
    "batch|beta1|beta2|budget|capacity|channels|clip|depth|dim|embedding|epochs|epsilon|eta"
    "|features|heads|hidden|l1|l2|layers|learning|length|momentum|neurons|rate|size|units"
    "|width|year"
)
"""Words of settings, also where no tracker says that they are."""
_DERIVED = _either(
    "baseline|chance|ci|delta|diff|difference|floor|gap|prevalence|sd|sem|std|stderr"
)
_ASIDE_ANYWHERE = _either(
    "created|datetime|duration|elapsed|finished|host|hostname|runtime|started|timestamp|updated|uri|url|uuid"
)
_ASIDE_LAST = _either(
    "commit|date|datetime|digest|dir|directory|file|filename|flops|folder|guid|hash|id|memory"
    "|parameters|params|path|sha|time|user|username"
)
_ASIDE_WHOLE = _either(
    "agent|comment|comments|config|configuration|description|entity|experiment|experiment name"
    "|failure|group|index|job type|name|note|notes|number|project|run|run group|run name|state"
    "|status|sweep|sweep name|tags|trial|trial name|version"
)
_ONE_SCORE = "|".join(
    sorted((w for w in f"{_SCORES}|acc|accuracy|auc|f1".split("|") if " " not in w), key=len)
)
_ONE_SPLIT = "|".join(sorted({w for words in _SPLITS.values() for w in words}, key=len))
_SCORE_THEN_SPLIT = re.compile(rf"({_ONE_SCORE})({_ONE_SPLIT})")
_SPLIT_THEN_SCORE = re.compile(rf"({_ONE_SPLIT})({_ONE_SCORE})")
_OF_OPTUNA = re.compile(r"(params|user_attrs|system_attrs)_(?=\w)")
_LABELS = {
    word: word.upper() for word in _either("auc|auprc|auroc|cer|f1|iid|iou|mae|mse|ood|r2|rmse|wer")
}
_AT = _either("best|last|final|stopped|early")
_DONE = _either("run|trained|completed")
_TRAINED_ON = _either(
    "added|clips|count|digest|examples|hash|hours|items|neg|negative|negatives|pos|positive"
    "|positives|rows|samples|set|sets|size"
)

Split = Literal["test", "validation", "train"]
Role = Literal["metric", "threshold", "count", "items", "training", "aside", "setting"]


@dataclass(frozen=True)
class Name:
    """A column's name, read.

    Attributes
    ----------
    column : str
    words : tuple of str
        In lower case, without the namespace of a tracker.
    namespace : {"setting", "result", "aside"} or None
        What a tracker says that the column is (``config.``, ``summary.``, ``tags.``).
    role : str
        ``metric``; ``threshold``, ``count`` or ``items`` of an evaluation; ``training`` for what
        describes a training set; ``aside`` for names, times, paths and the like; else ``setting``.
    kind : str
        Of a metric its kind, of a count which one; otherwise the role.
    group : tuple of str
        The other words, sorted: which evaluation it belongs to.
    """

    column: str
    words: tuple[str, ...]
    namespace: str | None
    role: Role
    kind: str
    group: tuple[str, ...]

    @property
    def split(self) -> Split:
        """The split that the name speaks of; test where it speaks of none."""
        others: tuple[Split, ...] = ("validation", "train")
        return next((s for s in others if _SPLITS[s] & set(self.words)), "test")

    @property
    def lower_is_better(self) -> bool:
        """Whether it is a loss, an error or a time."""
        text = " ".join(self.words)
        return bool(_LOWER & set(self.words)) or any(phrase in text for phrase in _LOWER_PHRASES)

    @property
    def tells_direction(self) -> bool:
        """Whether the name says of which score it is, and so which way is better."""
        return self.role == "metric" and _kind(self.words)[0] is not None

    @property
    def label(self) -> str:
        """The name as a person would write it."""
        return " ".join(_LABELS.get(word, word) for word in self.words) or self.column


def read_name(column: str) -> Name:
    """Return what the name of a column says."""
    words = tuple(word for part in re.findall(r"[^\W_]+", column) for word in _parted(part))
    space = None
    if len(words) > 1 and re.match(r"_?[A-Za-z]+[./]", column):
        space = next((s for s, names in _NAMESPACES.items() if words[0] in names), None)
        words = words[1:] if space else words
    elif prefix := _OF_OPTUNA.match(column):
        space = "setting" if prefix.group() == "params_" else None
        words = words[1:] if space else words[2:]
    if column.startswith("_"):
        space = space or "aside"
    role, kind, rest = _role(words)
    role = "aside" if space == "aside" else role
    return Name(column, words, space, role, kind, tuple(sorted(rest)))


def _parted(part: str) -> tuple[str, ...]:
    """Return the words of a part of a name: by their capitals, or a split beside a score."""
    for whole in (_SCORE_THEN_SPLIT, _SPLIT_THEN_SCORE):
        if match := whole.fullmatch(part.lower()):
            return match.groups()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", part)
    return tuple(parted.lower().split())


def is_slice(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Return whether one group narrows another one: ``ood, archived`` within ``ood``."""
    further = set(part) - set(whole)
    return bool(whole) and set(whole) < set(part) and bool(further - set().union(*_SPLITS.values()))


def _role(words: tuple[str, ...]) -> tuple[Role, str, tuple[str, ...]]:
    if _is_aside(words):
        return "aside", "aside", words
    if _SPLITS["train"] & set(words[:1]) and _TRAINED_ON & set(words[1:]):
        return "training", "training", words
    kind, rest = _kind(words)
    if kind is None and " ".join(words) in _WHOLE_SCORES:
        return "metric", "score", words
    if kind == "accuracy" and {"error", "err"} & set(rest):
        kind, rest = "error", tuple(word for word in rest if word not in ("error", "err"))
    if kind == "error" and "rate" not in words and set(rest) - _SHARED_OUT:
        kind = "score"
    if kind in COUNTS:
        return "count", kind, rest
    if kind == "threshold":
        return "threshold", kind, rest
    if kind == "items":
        return "items", kind, rest
    if kind is not None and not set(rest) & (_SETTINGS | _DERIVED):
        return "metric", kind, rest
    return ("aside" if set(words) & _DERIVED else "setting"), "setting", words


def _kind(words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Return the first role whose phrase stands in the words, and the words around it."""
    for phrase, role in _PHRASES:
        for i in range(len(words) - len(phrase) + 1):
            if words[i : i + len(phrase)] == phrase:
                return role, words[:i] + words[i + len(phrase) :]
    return None, words


def _is_aside(words: tuple[str, ...]) -> bool:
    if not words or " ".join(words) in _ASIDE_WHOLE or words[-1] in _ASIDE_LAST:
        return True
    if set(words) & _ASIDE_ANYWHERE:
        return True
    # An epoch or an item is one of a run's; the number of epochs is a setting until they were run.
    if words[-1] in EPOCHS | ITEMS and (len(words) == 1 or words[0] in _AT):
        return True
    return words[0].removesuffix("s") in EPOCHS and words[-1] in _DONE
