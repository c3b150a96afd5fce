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


def test_a_clean_log_passes(audited):
    text, fails = audited("mode,seed,f1\na,1,.5\na,2,.6\nb,1,.7\nb,2,.8\n")
    assert text == "runs.csv: 4 runs\n\nThe audit found nothing."
    assert not fails


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
