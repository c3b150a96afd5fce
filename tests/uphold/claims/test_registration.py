"""Whether a claim stood before its runs, given since when what it rests on stands."""

from datetime import UTC, datetime, timedelta

from uphold.claims.registration import Change, Registration, registration

START = datetime(2024, 5, 1, 12, tzinfo=UTC)


def change(hours: float, oldest: bool = False) -> Change:
    return Change(f"{hours}abcdef1234", START + timedelta(hours=hours), oldest)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_a_claim_is_registered_by_the_last_change_of_what_it_rests_on():
    since = {"its text": change(0), "the margin": change(1)}
    assert registration(since, "whole", at(2)) == Registration(True, change(1))


def test_what_changed_after_the_first_run_began_is_named():
    since = {"its text": change(0), "the margin": change(2)}
    answer = registration(since, "whole", at(1))
    assert answer == Registration(False, changed={"the margin": change(2)})
    # a commit in the same second was not before it
    assert registration(since, "whole", at(2)).before is False


def test_what_is_not_committed_is_not_registered():
    since = {"its text": None, "the margin": change(0)}
    assert registration(since, "whole", at(1)) == Registration(False, changed={"its text": None})


def test_without_a_history_or_the_runs_nothing_is_known():
    answer = registration({"its text": None}, "none", at(1))
    assert answer.before is None and "no history" in answer.reason


def test_a_history_that_is_cut_off_does_not_tell_what_its_oldest_commit_changed():
    oldest = change(2, oldest=True)
    assert registration({"its text": oldest}, "cut", at(3)) == Registration(True, oldest)
    answer = registration({"its text": oldest}, "cut", at(1))
    assert answer.before is None and "shallow" in answer.reason
    assert registration({"its text": oldest}, "whole", at(1)).before is False
    assert registration({"its text": change(2)}, "cut", at(1)).before is False


def test_a_change_says_its_commit_and_date():
    assert str(Change("abc1234def", START)) == "commit abc1234 of 2024-05-01"
    answer = {"name": "abc", "when": START.isoformat(), "oldest": True}
    assert Change.of(answer) == Change("abc", START, True)
    assert Change.of(None) is None
