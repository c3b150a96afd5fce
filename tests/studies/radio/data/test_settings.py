"""Settings of the data: what is refused before anything is made."""

import pytest

from studies.radio.settings.data import Data
from uphold.errors import InputError
from uphold.validation import validated


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"source": "radioml"}, "source"),
        ({"synthetic": {"classes": ["QPSK"]}}, "classes"),
        ({"synthetic": {"classes": ["QPSK", "QPSK"]}}, "different"),
        ({"synthetic": {"classes": ["QPSK", "7PSK"]}}, "7PSK"),
        ({"synthetic": {"roll_off": [0.4, 0.1]}}, "lowest value comes first"),
        ({"synthetic": {"roll_off": [0.4, 1.1]}}, "between 0 and 1"),
        ({"synthetic": {"message_band": [0, 0.1]}}, "message_band"),
        ({"synthetic": {"snr_lowest": 20}}, "snr_lowest is above"),
        ({"synthetic": {"channel": {"tabs": 3}}}, "taps"),
        ({"radioml2018": {"train": 0}}, "train"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(values, answer):
    with pytest.raises(InputError, match=answer):
        validated(Data, values, "params.yaml")
