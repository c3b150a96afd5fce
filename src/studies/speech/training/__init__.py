"""Training of spectrogram networks on folds of actors.

Comes in: the prepared data of the study and runs to be trained. Goes out: a `Result` a run, with
the logits of its validation and test clips by the weights of the chosen epoch and of the last one,
which clips these are, the history by epoch, and the chosen weights. A run is a pure function of its
settings, its seed and the data.

`load` reads the data, `plan` divides runs into lanes, `train` trains a lane.
"""

from studies.speech.training.lane import plan, train
from studies.speech.training.loading import load

__all__ = ["load", "plan", "train"]
