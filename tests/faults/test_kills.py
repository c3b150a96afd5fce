"""DVC, its child and both are killed while a sweep trains: no run is lost, none trained twice.

Twenty kills, and two at once twenty times: ``make faults``. Two trainings at once are in
``tests/test_pipeline.py`` too.
"""

from . import running


def test_killed_at_some_moments_and_run_again():
    (found,) = running.kills("--kills", "3", "--pairs", "0").values()
    for who in ("DVC", "its child", "both"):
        count = found[f"{who} killed"]
        assert count["tried"] == 1
        assert not count["wrong"]
