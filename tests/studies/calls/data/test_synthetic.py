from collections import Counter

import numpy as np
import pytest
import scipy.signal

from studies.calls.data import synthetic
from studies.calls.data.recorders import FAMILIAR, FOREIGN
from studies.calls.data.window import RATE
from studies.calls.settings.data import SPLITS, Data, Synthetic
from uphold.errors import InputError

SMALL = Synthetic(train=20, validation=12, iid=12, ood=12, recorders=2, ood_recorders=2)


def made(**sizes):
    return synthetic.make(Data(synthetic=SMALL.model_copy(update=sizes)))


@pytest.fixture(scope="module")
def data():
    return made()


@pytest.fixture(scope="module")
def clips():
    """Many recordings of the default data set, from two splits."""
    ours = Synthetic()
    return [
        synthetic.clip(ours, split, k, synthetic.recorders(ours, split))
        for split in ("train", "ood")
        for k in range(250)
    ]


def rows(data, split):
    at = [k for k, item in enumerate(data.items) if item.split == split]
    return data.x[at], data.y[at], [data.items[k] for k in at]


# Measured without the code under test: a linear-phase filter of 4,001 taps instead of a transform.
BAND = scipy.signal.firwin(4001, (80, 2500), fs=RATE, pass_zero=False)


def measured_snr_db(clip):
    call, rest = (
        scipy.signal.fftconvolve(part, BAND, mode="same")[clip.event.active]
        for part in (clip.heard, clip.rest)
    )
    return 10 * np.log10(np.mean(call**2) / np.mean(rest**2))


@pytest.mark.parametrize(
    ("quality", "low", "high"), [("high", 11, 19), ("medium", 3, 11), ("low", -5, 3)]
)
def test_the_measured_snr_is_in_the_stated_range(clips, quality, low, high):
    of_quality = [clip for clip in clips if clip.quality == quality]
    assert len(of_quality) > 20
    measured = np.array([measured_snr_db(clip) for clip in of_quality])
    assert (measured > low - 0.5).all()
    assert (measured < high + 0.5).all()
    np.testing.assert_allclose(measured, [clip.snr_db for clip in of_quality], atol=0.5)


def test_the_docstring_states_the_ranges_in_force():
    for quality, (low, high) in synthetic.SNR_DB.items():
        line = next(x for x in synthetic.__doc__.splitlines() if x.startswith(quality))
        stated = line.replace("−", "-").split()
        assert [float(stated[1]), float(stated[3])] == [low, high]
        assert float(stated[4]) == pytest.approx(100 * synthetic.QUALITY_SHARES[quality])


def test_every_type_quality_kind_and_recorder_occurs_about_as_often_as_stated(clips):
    positives = [clip for clip in clips if clip.call_type]
    negatives = [clip for clip in clips if not clip.call_type]
    assert len(positives) == 150  # 30 % of 500
    types = Counter(clip.call_type for clip in positives)
    qualities = Counter(clip.quality for clip in positives)
    kinds = Counter(clip.kind for clip in negatives)
    # Four binomial standard deviations.
    for found, shares, n in (
        (types, {"grunt": 0.5, "growl": 0.5}, 150),
        (qualities, synthetic.QUALITY_SHARES, 150),
        (kinds, synthetic.KINDS, 350),
    ):
        assert found.keys() == shares.keys()
        for name, share in shares.items():
            assert abs(found[name] - n * share) < 4 * np.sqrt(n * share * (1 - share))
    assert len({clip.recorder for clip in clips}) == 8


def test_recordings_are_within_full_scale(clips):
    peaks = np.array([np.abs(clip.sound).max() for clip in clips])
    assert np.median(peaks) < 1
    assert (peaks > 0).all()


def test_negatives_have_no_quality_and_positives_no_kind(clips):
    for clip in clips:
        assert bool(clip.call_type) == bool(clip.quality) != bool(clip.kind)
        assert (clip.event is None) == (clip.kind == "background") == np.isnan(clip.snr_db)


def test_the_same_seed_gives_the_same_data_and_another_seed_others(data):
    again, other = made(), made(seed=99)
    np.testing.assert_array_equal(data.x, again.x)
    assert repr(data.items) == repr(again.items)
    assert len(np.unique(np.concatenate([data.x, other.x]), axis=0)) == 2 * len(data.x)


@pytest.mark.parametrize("split", SPLITS)
def test_more_recordings_in_one_split_change_no_other_and_keep_their_own(data, split):
    before = getattr(SMALL, split)
    more = made(**{split: before + 5})
    for other in SPLITS:
        (x, y, items), (x_more, y_more, items_more) = rows(data, other), rows(more, other)
        assert len(x_more) == len(x) + 5 * (other == split)
        np.testing.assert_array_equal(x, x_more[: len(x)])
        np.testing.assert_array_equal(y, y_more[: len(y)])
        assert repr(items) == repr(items_more[: len(items)])


def test_another_recorder_leaves_the_others_as_they_are():
    few, many = (synthetic.recorders(Synthetic(recorders=n), "train") for n in (2, 6))
    assert many[:2] == few


def test_recorders_of_ood_are_in_no_other_split(data):
    by_split = {split: {item.recorder for item in rows(data, split)[2]} for split in SPLITS}
    assert by_split["ood"] == {"foreign-1", "foreign-2"}
    for split in ("train", "validation", "iid"):
        assert by_split[split] == {"familiar-1", "familiar-2"}


@pytest.mark.parametrize(("split", "ranges"), [("train", FAMILIAR), ("ood", FOREIGN)])
def test_recorders_of_ood_are_foreign(split, ranges):
    for made_there in synthetic.recorders(Synthetic(), split):
        for key, (low, high) in ranges.items():
            assert low <= getattr(made_there, key) <= high


def test_no_two_recordings_are_alike(data):
    assert len(np.unique(data.x, axis=0)) == len(data.x)


def test_recorders_sound_different(clips):
    """Recordings of one recorder without an event are nearer to each other than to others'."""
    from studies.calls.data.features import embed

    quiet = [clip for clip in clips if clip.kind == "background"]
    means = np.array([embed(clip.sound)[:64] for clip in quiet])
    by = np.array([clip.recorder for clip in quiet])
    distance = np.linalg.norm(means[:, None] - means[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = by[np.argmin(distance, axis=1)]
    assert np.mean(nearest == by) > 0.95


def test_labels_and_vectors_belong_to_the_items(data):
    assert data.x.shape == (56, 1024)
    assert data.x.dtype == np.float32
    assert data.y.dtype == np.uint8
    assert data.classes == ["call"]
    for y, item in zip(data.y, data.items, strict=True):
        assert item.label == ("call" if y[0] else "noise")
        assert bool(item.call_type) == bool(y[0])
    assert len({item.item for item in data.items}) == len(data.items)
    assert data.y[:20].sum() == 6


def test_the_positive_class_is_the_call():
    with pytest.raises(InputError, match=r"no class 'cal'.*Did you mean 'call'"):
        synthetic.make(Data(positive="cal"))
