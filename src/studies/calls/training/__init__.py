"""Training of BirdNET-Analyzer's classifier head, many runs at once.

Comes in: the prepared data of the study and runs to be trained. Goes out: a `Result` a run, with
the probabilities for the splits validation, iid and ood, the losses by epoch, and what is to be
known of the training set. A run is a pure function of its settings, its seed and the data: the
runs that are trained beside it change nothing, on a CPU not a single bit.

`load` reads the data, `plan` divides runs into lanes, `train` trains a lane.
"""

from studies.calls.training.lane import train
from studies.calls.training.plan import plan
from studies.calls.training.prepared import load

__all__ = ["load", "plan", "train"]
