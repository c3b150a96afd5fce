"""Several runs that decide together: the mean of their probabilities.

Its logits are the logarithms of these means, so that an ensemble is scored as a single run is.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import log_softmax, logsumexp

from uphold.errors import InputError


def together(members: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the predictions of an ensemble from those of its members.

    Parameters
    ----------
    members : sequence of mapping of str to ndarray
        Arrays named ``…_items`` are places of clips, all others logits, (clips, classes).

    Raises
    ------
    InputError
        Where the members were tested on different clips.
    """
    found = {}
    for name, first in members[0].items():
        outputs = [member[name] for member in members]
        if not name.endswith("_items"):
            logs = [log_softmax(one.astype(np.float64), axis=1) for one in outputs]
            found[name] = logsumexp(logs, axis=0) - np.log(len(members))
        elif all(np.array_equal(first, other) for other in outputs):
            found[name] = first
        else:
            raise InputError(
                "Runs that were tested on other actors cannot decide together: a sweep with"
                " members needs rotating: false, and fold as a factor."
            )
    return found
