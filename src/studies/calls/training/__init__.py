"""Training of BirdNET-Analyzer's classifier head, many runs at once.

Comes in: the prepared data of the study and runs to be trained. Goes out: a `Result` a run, with
the probabilities for the splits validation, iid and ood, the losses by epoch, and what is to be
known of the training set. A run is a pure function of its settings, its seed and the data: the
runs that are trained beside it change nothing, on a CPU not a single bit.

Where it departs from BirdNET-Analyzer: mixup is drawn anew in every epoch and for every row (there
once, for a quarter of the positives); smoothing is symmetric; both work for a single label, where
BirdNET-Analyzer leaves them out; early stopping is off unless it is set (there always on); the
weights bear no L2 penalty (there 1e-5).

`load` reads the data, `plan` divides runs into lanes, `train` trains a lane.
"""

from studies.calls.training.lane import train
from studies.calls.training.loading import load
from studies.calls.training.plan import plan

__all__ = ["load", "plan", "train"]
