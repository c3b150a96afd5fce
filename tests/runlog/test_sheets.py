import pytest

from studies.runlog.sheets import harmless


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\tx"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-0.5", "+1e-3", "-.5", "linear", "a=b", 3, None, ""])
def test_numbers_and_other_text_stay(value):
    assert harmless(value) == value
