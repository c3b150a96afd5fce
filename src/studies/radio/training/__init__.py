"""Training of the modulation classifier, its noise head and its denoiser.

Comes in: the prepared frames and runs to be trained. Goes out: a `Result` a run, with logits for
the splits validation and test, the noise head's and the denoiser's record on the test frames, and
the losses by epoch. A run is a pure function of its settings, its seed and the data.

`load` reads the data, `plan` divides runs into lanes, `train` trains a lane.
"""

from studies.radio.training.lane import plan, train
from studies.radio.training.loading import load

__all__ = ["load", "plan", "train"]
