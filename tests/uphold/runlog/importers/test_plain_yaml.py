"""A plain text of YAML is read as a loader reads it, or not at all."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from uphold.runlog.importers.plain_yaml import read_plain

KEPT = Path(__file__).parent / "kept"
PARTS = (
    *(
        "a",
        "b",
        "a.b",
        "yes",
        "No",
        "null",
        "~",
        "key",
        "x-1",
        "0b1",
        "0x1f",
        "1e5",
        "1.5e+3",
        "1.5",
    ),
    *("007", "-0", "12", "1_0", "1:30", "2024-01-01", "12ab", "0b11ab", ".5", ".inf", "-", "'q r'"),
    *(
        "'it''s'",
        '"q"',
        "[1]",
        "{a: 1}",
        "&x",
        "*x",
        "|",
        ">",
        "!t",
        "# c",
        "/runs/x",
        "",
        " ",
        "  ",
    ),
    *(": ", ":", ":  ", "\n", "\n  ", "\n    ", "\n", "'", "\t", "=", "<<", "?"),
)


def loaded(text):
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return "an error"


def same(one, other):
    """Return whether values are the same, with 1 and 1.0 and true told apart."""
    return repr(one) == repr(other)


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_it_answers_as_a_loader_does_or_not_at_all(text):
    found = read_plain(text)
    assert found is None or same(found, loaded(text)), text


LINES = st.tuples(
    st.sampled_from(("", "  ", "    ")), st.sampled_from(PARTS[:9]), st.sampled_from(PARTS)
)


@given(st.lists(LINES, max_size=6))
def test_lines_with_a_key_each_are_read_as_a_loader_reads_them(lines):
    text = "\n".join(f"{indent}{key}: {value}" for indent, key, value in lines)
    found = read_plain(text)
    assert found is None or same(found, loaded(text)), text


@pytest.mark.parametrize(
    "text",
    ["lr: 1\n", "a:\nb: 1\n", "a:\n  b: x\n  c:\n    d: 1.5\ne: null\n", "a: 'b c'\n", "a: true\n"],
)
def test_what_is_plain_is_read(text):
    assert same(read_plain(text), loaded(text))


def test_files_that_trackers_wrote_are_read_as_a_loader_reads_them():
    files = [*KEPT.rglob("meta.yaml"), *KEPT.rglob("hparams.yaml"), *KEPT.rglob("params.yaml")]
    found = [read_plain(file.read_text()) for file in files]
    assert all(
        f is None or same(f, loaded(p.read_text())) for f, p in zip(found, files, strict=True)
    )
    assert sum(f is not None for f in found) > 60
