"""The archived options of the speech study: what each does, its setting here, its measured effect.

In: the page's claims. Out: a table. Nothing is computed here.
"""

from dataclasses import dataclass

from great_tables import GT

from uphold.format import MISSING, difference, name
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import CELLS, verdict
from uphold.pages.writeup import Page

UNMEASURED = "no arm of this page has it"


@dataclass(frozen=True)
class Option:
    """One archived option.

    Attributes
    ----------
    archived : str
        As it stood in the archived commands.
    settings : tuple of str
        What it is called in ``studies.speech.training``.
    does : str
        What it does, in a few words.
    claim : str, optional
        The claim that measures it, where arms differ in it alone.
    """

    archived: str
    settings: tuple[str, ...]
    does: str
    claim: str | None = None


OPTIONS = (
    Option(
        "--class_weight_loss",
        ("class_weights", "heaviest"),
        "the loss counts rare classes more: by inverse frequency, up to a limit",
        "class-weights-help",
    ),
    Option(
        "--focal_loss, --focal_gamma",
        ("loss", "focal_gamma"),
        "the loss plays down clips that are already recognised, the more the higher gamma; it"
        " always weighs classes, and ignores smoothing",
        "focal-hurts",
    ),
    Option(
        "--label_smoothing",
        ("label_smoothing",),
        "the target moves by this share towards all classes alike",
        "smoothing-does-nothing",
    ),
    Option(
        "--use_specaug",
        ("specaugment",),
        "bands of frequencies and stretches of time are blanked in every training clip",
        "specaugment-helps",
    ),
    Option(
        "--specaug_freq, --specaug_time",
        ("specaugment_bands", "specaugment_frames"),
        "the widest band and the longest stretch of each mask",
        "aggressive-hurts",
    ),
    Option(
        "--balanced_sampler",
        ("balanced_sampler",),
        "an epoch draws clips with replacement, every class as often on average",
        "sampler-does-not-help",
    ),
    Option(
        "--mixup_alpha",
        ("mixup", "mixup_alpha"),
        "blends every clip and its label with another one, the more evenly the higher alpha",
        "mixup-helps",
    ),
    Option(
        "--lr",
        ("learning_rate",),
        "the highest learning rate, between climbing and falling",
        "lower-rate-helps",
    ),
    Option(
        "--weight_decay",
        ("weight_decay",),
        "draws weights towards zero, as a part of the gradient",
    ),
    Option(
        "--epochs",
        ("epochs",),
        "how often the training clips are gone through; the best epoch is kept",
        "longer-helps",
    ),
    Option("--model", ("model",), "the network", "resnet-wins"),
    Option(
        "--use_bn",
        ("batch_norm",),
        "of the small network: normalises its maps over the batch",
        "batch-norm-helps",
    ),
    Option(
        "--dropout",
        ("dropout",),
        "of the small network: drops inputs of its last layer",
        "dropout-helps",
    ),
)


def options(page: Page) -> GT:
    """The archived options, what they do, and the measured effect of each."""
    rows = [
        (o.archived, f"{', '.join(map(name, o.settings))}: {o.does}", *_measured(page, o.claim))
        for o in OPTIONS
    ]
    widths = {
        **{"archived option": "22%", "setting, and what it does": "40%"},
        **{"effect (95 %)": "20%", "verdict": "18%"},
    }
    return coloured(plain(rows, list(widths)), CELLS).cols_width(widths)


def _measured(page: Page, name: str | None) -> tuple[str, str]:
    if name is None:
        return UNMEASURED, MISSING
    claim = page.found.claims[name]
    return difference(claim.outcome, page.digits(claim.metric)), verdict(claim)
