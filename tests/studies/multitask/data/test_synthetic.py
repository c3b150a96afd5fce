import numpy as np
import pytest

from studies.multitask.data import synthetic
from studies.multitask.data.synthetic import PLACES, figures
from studies.multitask.data.textures import TEXTURES
from studies.multitask.settings.data import Data, Synthetic
from uphold.splits import SPLITS

SMALL = Synthetic(train=64, validation=20, test=30)
CLEAN = Synthetic(train=1920, validation=1, test=640, noise=0.05, clutter=0.0)


def test_it_follows_from_the_seed():
    first, again = (synthetic.make(Data(synthetic=SMALL)) for _ in range(2))
    np.testing.assert_array_equal(first.x, again.x)
    other = synthetic.make(Data(synthetic=SMALL.model_copy(update={"seed": 1})))
    assert (first.x != other.x).mean() > 0.99


def test_more_images_change_none_of_the_others():
    few, many = SMALL, SMALL.model_copy(update={"train": 90, "test": 50})
    for split in SPLITS:
        for one, other in zip(figures(few, split), figures(many, split), strict=True):
            np.testing.assert_array_equal(one, other[: len(one)])


def test_shapes_and_types():
    data = synthetic.make(Data(synthetic=SMALL))
    assert data.x.shape == (114, 32, 32) and data.x.dtype == np.float32
    assert [int((data.split == k).sum()) for k in range(3)] == [64, 20, 30]
    assert 0 <= data.c.min() < 0.1 and 0.9 < data.c.max() <= 1


def test_every_class_is_there_equally_often():
    _, a, b, _ = figures(CLEAN, "test")
    assert np.bincount(a).tolist() == [64] * 10
    assert np.bincount(b).tolist() == [20] * 32
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == 320


def test_no_head_tells_of_another():
    _, a, b, c = figures(CLEAN, "train")
    together = np.zeros((10, 32))
    np.add.at(together, (a, b), 1)
    assert (together == 6).all()
    by_shape = [c[a == k].mean() for k in range(10)]
    # 192 uniform values: their mean has a standard error of .021
    assert max(abs(np.array(by_shape) - 0.5)) < 4 * 0.021


def test_the_figure_lies_at_its_place():
    x, _, b, _ = figures(CLEAN, "test")
    at = np.arange(32) + 0.5
    weight = np.clip(x - 0.3, 0, None)
    across = (weight.sum(axis=1) * at).sum(axis=1) / weight.sum(axis=(1, 2))
    down = (weight.sum(axis=2) * at).sum(axis=1) / weight.sum(axis=(1, 2))
    middles = np.array(list(PLACES.values()))[b % 4]
    nearest = np.argmin([np.hypot(across - px, down - py) for px, py in PLACES.values()], axis=0)
    assert (nearest == b % 4).mean() > 0.99
    assert np.abs(across - middles[:, 0]).mean() < 2


def test_a_larger_size_is_a_larger_figure():
    x, a, _, c = figures(CLEAN, "test")
    covered = (x > 0.3).sum(axis=(1, 2))
    for shape in range(10):
        assert np.corrcoef(c[a == shape], covered[a == shape])[0, 1] > 0.5


def centroid_accuracy(x, labels, x_test, labels_test, classes: int) -> float:
    centroids = np.stack([x[labels == k].mean(axis=0) for k in range(classes)])
    distances = ((x_test[:, None] - centroids) ** 2).sum(axis=2)
    return float((distances.argmin(axis=1) == labels_test).mean())


def test_shapes_are_told_by_their_mean_image():
    def here(split):
        x, a, b, _ = figures(CLEAN, split)
        upper_left = b % 4 == 0
        return x[upper_left].reshape(upper_left.sum(), -1), a[upper_left]

    # chance is .1
    assert centroid_accuracy(*here("train"), *here("test"), 10) > 0.35


def test_textures_are_told_by_their_spectra():
    def here(split):
        x, _, b, _ = figures(CLEAN.model_copy(update={"contrast": 1.0}), split)
        spectra = np.log(np.abs(np.fft.rfft2(x)) + 1).reshape(len(x), -1)
        return spectra, b // 4

    # chance is .125
    assert centroid_accuracy(*here("train"), *here("test"), len(TEXTURES)) > 0.35


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_stays_between_its_limits_and_all_but_one_vary(name):
    x, y = np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-3, 3, 61))
    values = TEXTURES[name](*(v.astype(np.float32) for v in (x, y)), np.float32(0.1), np.float32(0))
    assert values.shape == x.shape
    assert values.min() >= -1 - 1e-6 and values.max() <= 1 + 1e-6
    assert (np.ptp(values) > 1.5) == (name != "plain")
