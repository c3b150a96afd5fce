"""The archived script's command line of every arm, and what it does unless told otherwise.

In: the settings that a sweep gave its arms. Out: a table and a sentence. The script is ``train.py``
of github.com/dmanzato/live-sentiment-classifier; `SpeechRun` has its defaults, so that an option
stands where a setting is not the default.
"""

from collections.abc import Sequence

from great_tables import GT
from IPython.display import Markdown

from studies.speech.settings.data import LogMel
from studies.speech.settings.run import SpeechRun
from uphold.format import counted, level
from uphold.pages.arms import ARM, settings
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

SCRIPT = "python train.py --data_root /path/to/ravdess"
VALUES = {
    "batch_size": "batch_size",
    "epochs": "epochs",
    "learning_rate": "lr",
    "weight_decay": "weight_decay",
    "warmup_epochs": "warmup_epochs",
    "label_smoothing": "label_smoothing",
    "dropout": "dropout",
}
SWITCHES = {
    "class_weights": "class_weight_loss",
    "balanced_sampler": "balanced_sampler",
    "batch_norm": "use_bn",
}
WITHOUT = ("schedule", "heaviest")
"""What the script has no option for."""

DEFAULT = SpeechRun()


def commands(page: Page, sweeps: Sequence[Sweep]) -> GT:
    """Every arm of some sweeps with its command; those of equal arms once."""
    mode = page.writeup.data["mode"]
    arms: dict[str, list[str]] = {}
    for sweep in sweeps:
        for arm in sweep.levels(ARM):
            run = SpeechRun(**settings(sweep, {ARM: arm}))
            arms.setdefault(command(run, mode), []).append(arm)
    rows = [(level(", ".join(dict.fromkeys(names))), line) for line, names in arms.items()]
    return plain(rows, [ARM, "command"]).cols_width({ARM: "28%", "command": "72%"})


def command(run: SpeechRun, mode: str) -> str:
    """Return the command line that trains as a run does, the split and the scale apart."""
    changed = {k for k, v in run.model_dump().items() if v != getattr(DEFAULT, k)}
    if unknown := sorted(changed.intersection(WITHOUT)):
        return f"none: the script has no option for {', '.join(unknown)}"
    words = [SCRIPT, f"--mode {mode}"]
    if "model" in changed:
        words.append(f"--model {run.model}")
    words += [f"--{flag} {getattr(run, k)}" for k, flag in VALUES.items() if k in changed]
    words += [f"--{flag}" for k, flag in SWITCHES.items() if getattr(run, k)]
    if run.loss == "focal":
        words += ["--focal_loss", f"--focal_gamma {run.focal_gamma}"]
    if run.specaugment:
        words.append("--use_specaug")
        if changed.intersection(("specaugment_bands", "specaugment_frames")):
            words.append(f"--specaug_freq {run.specaugment_bands}")
            words.append(f"--specaug_time {run.specaugment_frames}")
    if not run.mixup:
        words.append("--mixup_alpha 0")
    elif "mixup_alpha" in changed:
        words.append(f"--mixup_alpha {run.mixup_alpha}")
    return " ".join(words)


def other_data(page: Page, sweep: Sweep) -> Markdown:
    """Say how the classes, the groups and the source become others than they are here."""
    found, change = page.writeup.data, "`dvc exp run -S params/speech.yaml:"
    actors, groups = len(found["actors"]), sweep.designed.design.fixed["groups"]
    other = "emotion" if found["mode"] == "sentiment" else "sentiment"
    said = [f"Classes by {other}: {change}data.mode={other}`."]
    if groups < actors:
        said.append(f"Leave one actor out: {change}training.groups={actors}`.")
    if found["source"] == "synthetic":
        where = "with the clips where `data/ravdess/README.md` says"
        said.append(f"Recorded voices, {where}: {change}data.source=ravdess`.")
    return Markdown(" ".join(said))


def recipe(page: Page) -> str:
    """Say how an arm is trained unless it says otherwise, and how unlike the archived script."""
    run, archived = DEFAULT, LogMel().seconds
    seconds = page.writeup.data["settings"]["spectrogram"]["seconds"]
    script = "" if seconds == archived else f" (the script: {level(archived)} s)"
    return (
        f"Unless an arm says otherwise it has the options of the script behind the archived rows:"
        f" Adam with a learning rate of {level(run.learning_rate)} and a weight decay of"
        f" {level(run.weight_decay)}, {counted(run.warmup_epochs, 'epoch')} of climbing to that"
        f" rate and a cosine down from it, and mixup of alpha {level(run.mixup_alpha)}, which the"
        f" archived commands do not mention because it is on by default. Clips are cut to"
        f" {level(seconds)} s{script}, and each spectrogram is normalised by itself."
        " Three things are unlike that script. Longer clips lose both ends, where the script cuts"
        " each training clip at a random place that stays the same. Mel bands are Slaney’s, and"
        " levels have a floor below the loudest; the script has Torchaudio’s default bands and no"
        " floor, and resamples to 16 kHz before them. Networks start from He’s"
        " uniform draws, residual blocks as their shortcuts; the script starts as Torchvision does."
    )
