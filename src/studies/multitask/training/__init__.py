"""Training of a network with three heads, one run at a time.

Comes in: the prepared data of the study and runs to be trained. Goes out: a `Result` a run, with
the logits of heads A and B and the value of head C for the splits validation and test, the losses
by epoch, and what is to be known of the training set. A run is a pure function of its settings, its
seed and the data.

`load` reads the data, `plan` divides runs into lanes, `train` trains a lane.
"""

from studies.multitask.training.lane import plan, train
from studies.multitask.training.loading import load

__all__ = ["load", "plan", "train"]
