"""What has an effect on a run, and what has none."""

from studies.speech.settings.data import EMOTIONS, SENTIMENT_OF, SENTIMENTS, Data
from studies.speech.settings.run import SpeechRun


def test_epochs_are_the_scale_s_share_of_the_archived_ones():
    trained = [SpeechRun(epochs=n, epochs_scale=0.4).trained_epochs for n in (5, 15, 30)]
    assert trained == [2, 6, 12]
    assert SpeechRun(epochs=1, epochs_scale=0.04).trained_epochs == 1


def test_the_way_to_a_number_of_epochs_has_no_effect():
    assert SpeechRun(epochs=12).canonical() == SpeechRun(epochs=30, epochs_scale=0.4).canonical()


def test_the_way_to_a_rate_and_a_batch_has_no_effect():
    direct = SpeechRun(learning_rate=0.5, batch_size=8)
    scaled = SpeechRun(learning_rate=0.25, rate_scale=2, batch_size=4, batch_scale=2)
    assert scaled.canonical() == direct.canonical()
    assert scaled.canonical() != SpeechRun(learning_rate=0.25, batch_size=4).canonical()


def test_the_defaults_are_the_archived_script_s():
    """As its command line has them (FACTS), but for the split, which it cannot be told."""
    archived = {
        **{"model": "small_cnn", "cnn_width": 32, "batch_norm": False, "dropout": 0.0},
        **{"batch_size": 32, "epochs": 25, "learning_rate": 3e-4, "weight_decay": 1e-4},
        **{"schedule": "warmup-cosine", "warmup_epochs": 2, "mixup": True, "mixup_alpha": 0.2},
        **{"specaugment": False, "specaugment_bands": 8, "specaugment_frames": 20},
        **{"balanced_sampler": False, "class_weights": False, "heaviest": 3.0},
        **{"loss": "cross_entropy", "focal_gamma": 2.0, "label_smoothing": 0.0},
    }
    assert SpeechRun().model_dump().items() >= archived.items()
    mel = {"sample_rate": 22_050, "n_mels": 128, "n_fft": 1024, "hop_length": 512, "seconds": 3.0}
    assert Data().spectrogram.model_dump() == mel


def test_focal_loss_always_weighs_classes_and_never_smooths_labels():
    focal = SpeechRun(loss="focal").canonical()
    assert SpeechRun(loss="focal", class_weights=True, label_smoothing=0.1).canonical() == focal
    assert SpeechRun(loss="focal", heaviest=2).canonical() != focal


def test_what_has_no_effect_is_left_out():
    large = {"model": "resnet18"}
    changed = SpeechRun(dropout=0.1, cnn_width=24, batch_norm=True, **large)
    assert changed.canonical() == SpeechRun(**large).canonical()
    off = SpeechRun(mixup=False)
    assert SpeechRun(mixup=False, mixup_alpha=1).canonical() == off.canonical()
    held = SpeechRun(schedule="constant")
    assert SpeechRun(schedule="constant", warmup_epochs=9).canonical() == held.canonical()
    assert SpeechRun(specaugment_bands=1).canonical() == SpeechRun().canonical()
    assert SpeechRun(focal_gamma=9).canonical() == SpeechRun().canonical()
    assert SpeechRun(heaviest=9).canonical() == SpeechRun().canonical()
    small = SpeechRun(model="small_cnn")
    assert SpeechRun(model="small_cnn", resnet_width=8).canonical() == small.canonical()
    assert SpeechRun(model="small_cnn", dropout=0.1).canonical() != small.canonical()


def test_every_emotion_has_a_sentiment():
    assert set(SENTIMENT_OF) == set(EMOTIONS)
    assert set(SENTIMENT_OF.values()) == set(SENTIMENTS)
    counts = [sum(s == name for s in SENTIMENT_OF.values()) for name in SENTIMENTS]
    assert counts == [4, 1, 3]
    assert Data().classes == SENTIMENTS
    assert Data(mode="emotion").classes == EMOTIONS
