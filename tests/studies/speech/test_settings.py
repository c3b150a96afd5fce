"""What has an effect on a run, and what has none."""

from studies.speech.settings.data import EMOTIONS, SENTIMENT_OF, SENTIMENTS, Data
from studies.speech.settings.run import SpeechRun


def test_epochs_are_the_scale_s_share_of_the_archived_ones():
    trained = [SpeechRun(epochs=n, epochs_scale=0.4).trained_epochs for n in (5, 15, 30)]
    assert trained == [2, 6, 12]
    assert SpeechRun(epochs=1, epochs_scale=0.04).trained_epochs == 1


def test_the_way_to_a_number_of_epochs_has_no_effect():
    assert SpeechRun(epochs=12).canonical() == SpeechRun(epochs=30, epochs_scale=0.4).canonical()


def test_what_has_no_effect_is_left_out():
    assert SpeechRun(dropout=0.1, cnn_width=3 * 8).canonical() == SpeechRun().canonical()
    assert SpeechRun(mixup_alpha=1).canonical() == SpeechRun().canonical()
    assert SpeechRun(specaugment_bands=1).canonical() == SpeechRun().canonical()
    assert SpeechRun(focal_gamma=9).canonical() == SpeechRun().canonical()
    assert SpeechRun(heaviest=9).canonical() == SpeechRun().canonical()
    small = SpeechRun(model="small_cnn")
    assert SpeechRun(model="small_cnn", resnet_width=8).canonical() == small.canonical()
    assert SpeechRun(model="small_cnn", dropout=0).canonical() != small.canonical()


def test_every_emotion_has_a_sentiment():
    assert set(SENTIMENT_OF) == set(EMOTIONS)
    assert set(SENTIMENT_OF.values()) == set(SENTIMENTS)
    counts = [sum(s == name for s in SENTIMENT_OF.values()) for name in SENTIMENTS]
    assert counts == [4, 1, 3]
    assert Data().classes == SENTIMENTS
    assert Data(mode="emotion").classes == EMOTIONS
