"""Small prepared data, written as `prepare` writes them, that a network can learn."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from studies.speech.training import load

ACTORS, CLIPS, CLASSES = 6, 10, 3


@pytest.fixture
def data(tmp_path):
    """Six actors with ten clips each; the class shifts a third of the bands."""
    rng = np.random.Generator(np.random.PCG64(5))
    actor = np.repeat(np.arange(1, ACTORS + 1), CLIPS)
    label = np.tile([0, 0, 0, 0, 1, 2, 2, 2, 2, 2], ACTORS)
    x = rng.standard_normal((len(actor), 16, 20)).astype(np.float32) - 50
    for row, here in enumerate(label):
        x[row, 5 * here : 5 * here + 5] += 2
    one = {"classes": np.array(CLASSES), "frame_s": np.array(512 / 22_050)}
    arrays = {"x": x, "label": label, "actor": actor, **one}
    save_file(arrays, tmp_path / "features.safetensors")
    return load(tmp_path)
