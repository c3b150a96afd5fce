import pytest

from uphold.audits import AuditFlag
from uphold.errors import InputError
from uphold.runlog.audit import audit_log, paragraph

SPEC = """
replicate: seed
factors: [mode]
metrics: {f1: {label: F1, better: higher, margin: 0.02}}
primary: f1
"""


@pytest.fixture
def audited(tmp_path):
    def audit(runs: str, spec: str = SPEC) -> tuple[str, bool]:
        (tmp_path / "runs.csv").write_text(runs)
        (tmp_path / "spec.yaml").write_text(spec)
        return audit_log(tmp_path / "runs.csv", tmp_path / "spec.yaml")

    return audit


CLEAN = "mode,seed,f1\na,1,.5\na,2,.6\nb,1,.7\nb,2,.8\n"
CLAIM = """
claims: {up: {metric: f1, contrast: {factor: mode, from: a, to: b}, expect: increase}}
"""


def test_a_clean_log_passes(audited):
    text, fails = audited(CLEAN, SPEC + CLAIM)
    assert text == "runs.csv: 4 runs, read as a table of runs (CSV)\n\nThe audit found nothing."
    assert not fails


@pytest.mark.parametrize("claims", ["", "claims: {}"])
def test_a_spec_without_a_claim_is_told_and_does_not_fail(audited, claims):
    text, fails = audited(CLEAN, SPEC + claims)
    assert text.startswith(
        "runs.csv: 4 runs, read as a table of runs (CSV)\n\nThe audit found nothing.\n\n"
        "info: no-claims\n"
    )
    assert "No claim is made: add one under `claims` in spec.yaml." in text
    assert not fails


def test_a_column_that_is_replicate_and_factor_is_refused_by_file_and_key(audited):
    with pytest.raises(InputError) as refused:
        audited(CLEAN, SPEC.replace("[mode]", "[mode, seed]"))
    said = str(refused.value)
    assert "spec.yaml: factors: 'seed' stands under replicate as well." in said
    assert said.endswith("here if they are repeats of one run.")


def test_an_error_fails_and_names_its_rows(audited):
    text, fails = audited("mode,seed,f1\na,1,.5\na,1,.6\nb,1,.7\nb,2,.8\n")
    assert fails
    assert "error: same-seed-disagrees, 1 pair\n" in text
    assert "  - mode a, seed 1" in text


def test_a_warning_does_not_fail(audited):
    text, fails = audited("mode,seed,f1\na,1,.5\na,2,.6\nb,1,.7\n")
    assert "warning: unpaired-seeds, 1 cell\n" in text
    assert not fails


def test_rows_beyond_ten_are_counted():
    rows = tuple(f"r{i}" for i in range(12))
    assert paragraph(AuditFlag("c", "info", 12, "runs", "Text.", rows)).endswith("r9\n  - … 2 more")


def test_a_terminal_gets_no_escape_codes():
    answer = paragraph(AuditFlag("c", "info", 1, "runs", "\x1b[2Jx", ("\x1b]0;y\x07",)))
    assert "\x1b" not in answer and "\x07" not in answer


@pytest.mark.parametrize(
    ("runs", "spec", "message"),
    [
        ("mode,seed\na,1\n", SPEC, "no column 'f1'"),
        ("mode,seed,f1,f1\na,1,1,1\n", SPEC, "'f1' stands twice"),
        ("mode,seed,f1\na,1,good\n", SPEC, "row 1: the column 'f1' holds 'good'"),
        ("", SPEC, "is empty"),
        ("mode,seed,f1\n", SPEC, "holds no rows"),
        ("mode,seed,f1\na,1,1\n", SPEC + "factor: [x]\n", "Did you mean 'factors'?"),
        ("mode,seed,f1\na,1,1\n", "!!python/object/apply:os.getcwd []", "is not valid YAML"),
        ("mode,seed,f1\na,1,1\n", "", "holds no spec"),
    ],
)
def test_what_cannot_be_used_is_named(audited, runs, spec, message):
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        audited(runs, spec)


def test_a_missing_spec_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml cannot be read"):
        audit_log(tmp_path / "runs.csv", tmp_path / "none.yaml")


STATES = """
replicate: seed
factors: [lr]
metrics: {acc: {label: accuracy, better: higher, margin: 0.01, kind: accuracy}}
primary: acc
claims: {c: {metric: acc, contrast: {factor: lr, from: 0.1, to: 1.0}}}
"""


def test_an_arm_that_never_finished_has_no_verdict_unremarked(audited):
    runs = "State,lr,seed,acc\n" + "".join(
        f"{state},{lr},{seed},{acc + seed / 100}\n"
        for state, lr, acc in (("finished", 0.1, 0.9), ("crashed", 1.0, 0.3))
        for seed in range(4)
    )
    text, fails = audited(runs, STATES)
    assert fails and "error: unfinished-runs, 4 runs\n" in text and "  - lr 1, seed 0" in text
    assert "No run with lr 1 finished." in " ".join(text.split())
    text, fails = audited(runs, STATES + "rows: {State: finished}\n")
    assert fails and "unfinished-runs" not in text and "error: constant-factor" in text


def test_episodes_of_two_seeds_are_two_units(audited):
    runs = "algo,seed,episode,acc\n" + "".join(
        f"{algo},{seed},{episode},{100 + 20 * seed + episode}\n"
        for algo in ("ppo", "sac")
        for seed in (1, 2)
        for episode in range(20)
    )
    spec = STATES.split("claims")[0].replace("[lr]", "[algo]").replace(", kind: accuracy", "")
    text, fails = audited(runs, spec.replace("replicate: seed", "replicate: episode"))
    assert fails and "error: not-a-unit, 80 rows\n" in text and "[seed, episode]" in text
    text, fails = audited(runs, spec.replace("replicate: seed", "replicate: [seed, episode]"))
    assert not fails and "not-a-unit" not in text


def test_what_iterations_repeat_is_left_alone(audited):
    runs = "mode,iteration,f1\n" + "".join(
        f"{mode},{i},.{70 + 10 * (mode == 'b') + i}\n" for mode in "ab" for i in range(3)
    )
    text, fails = audited(runs, SPEC.replace("replicate: seed", "replicate: iteration"))
    assert not fails and "The audit found nothing." in text


FLOOR = SPEC.replace("margin: 0.02", "margin: 0.02, floor: {columns: [blind]}")


def test_a_floor_that_the_table_tells_is_held_against_the_runs(audited):
    runs = "mode,seed,f1,blind\na,1,.5,.5\na,2,.6,.5\nb,1,.7,.5\nb,2,.8,.5\n"
    text, _ = audited(runs, FLOOR)
    assert "F1 is at most what a guess scores (0.5) in 1." in text


@pytest.mark.parametrize(
    ("head", "cell", "why"),
    [
        ("blint", ".5", r"has no column 'blind' \(metrics.f1.floor\)\. Did you mean 'blint'"),
        ("blind", "x", r"'blind' \(metrics.f1.floor\) is not of numbers alone"),
    ],
)
def test_a_floor_that_is_no_column_of_numbers_is_refused(audited, head, cell, why):
    runs = f"mode,seed,f1,{head}\n" + "".join(f"a,{seed},.5,{cell}\n" for seed in (1, 2))
    with pytest.raises(InputError, match=why):
        audited(runs, FLOOR)
