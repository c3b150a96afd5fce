"""The looks that were taken, in the text of a params file and in the record."""

import json

import pytest
import yaml

from uphold.errors import InputError
from uphold.pipeline.taken_looks import by_look, record, take, unrecorded, with_taken

LOOKS = {"mode=b, size=8": 5, "mode=a, size=8": 3}
SHOWN = '{3: ["mode=a, size=8"], 5: ["mode=b, size=8"]}'

TEXTS = {
    "flow looks in a block": """\
# What we run.
sweeps:
  one:
    design:
      kind: grid  # crosses all
      looks: [3, 5]
      seeds: [1, 2, 3, 4, 5]

  two:
    design: {looks: [2, 4], seeds: [4, 3, 2, 1], taken: {4: ["a"]}}
scale: quick
""",
    "looks at the end of a block": """\
sweeps:
  one:
    design:
      seeds: [1, 2, 3, 4, 5]
      looks: [3, 5]
  two: {}
""",
    "flow": """\
sweeps:
  one: {title: One, design: {kind: grid, looks: [3, 5], seeds: [1, 2, 3, 4, 5]}}  # a sweep
  two: {design: {looks: [3, 5]}}
""",
    "flow over lines": """\
sweeps:
  one:
    design: {
      looks: [3, 5],
      seeds: [1, 2, 3, 4, 5]
    }
""",
    "taken in flow": """\
sweeps:
  one:
    design:
      looks: [3, 5]
      taken: {3: ["mode=a, size=8"]}
      seeds: [1, 2, 3, 4, 5]
""",
    "taken in flow over lines": """\
sweeps:
  one:
    design:
      taken: {
        3: ["mode=a, size=8"],
      }
      looks: [3, 5]
""",
    "taken is empty": """\
sweeps:
  one:
    design: {looks: [3, 5], taken: {}}
""",
    "no end of line": "sweeps: {one: {design: {looks: [3, 5]}}}",
    "looks one below the other": """\
sweeps:
  one:
    design:
      looks:
        - 3
        - 5
      seeds: [1, 2, 3, 4, 5]
""",
    "looks one below the other, at the end": """\
sweeps:
  one:
    design:
      seeds: [1, 2, 3, 4, 5]
      looks:
      - 3
      - 5

  # The second.
  two: {}
""",
    "taken one below the other": """\
sweeps:
  one:
    design:
      looks: [3, 5]
      taken:
        3:
          - mode=a, size=8  # as far as it came
      # All of them.
      seeds: [1, 2, 3, 4, 5]
""",
}


def expected(text: str, looks: dict) -> dict:
    """Return what the text says, with these looks taken."""
    found = yaml.safe_load(text)
    found["sweeps"]["one"]["design"]["taken"] = by_look(looks)
    return found


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_file_says_the_same_but_for_what_was_taken(text):
    after = with_taken(text, "one", LOOKS, "params/calls.yaml")
    assert yaml.safe_load(after) == expected(text, LOOKS)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_comments_stay(text):
    after = with_taken(text, "one", LOOKS, "params/calls.yaml")
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    assert [c for c in comments if c not in after] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_may_be_taken_again(text):
    once = with_taken(text, "one", {"mode=a, size=8": 3}, "a.yaml")
    again = with_taken(once, "one", LOOKS, "a.yaml")
    assert again == with_taken(text, "one", LOOKS, "a.yaml")
    assert with_taken(again, "one", LOOKS, "a.yaml") == again


def test_one_value_is_set_and_each_other_character_stays():
    text = TEXTS["flow looks in a block"]
    given = f"taken: {SHOWN}\n      looks: [3, 5]\n"
    assert with_taken(text, "one", LOOKS, "a.yaml") == text.replace("looks: [3, 5]\n", given)
    text = TEXTS["flow"]
    given = f"taken: {SHOWN}, looks: [3, 5], seeds"
    assert with_taken(text, "one", LOOKS, "a.yaml") == text.replace("looks: [3, 5], seeds", given)
    text = TEXTS["taken in flow"]
    given = text.replace('{3: ["mode=a, size=8"]}', SHOWN)
    assert with_taken(text, "one", LOOKS, "a.yaml") == given


def test_a_comment_beside_the_looks_stays_beside_them():
    text = "sweeps:\n  one:\n    design:\n      looks: [3, 5]  # declared first\n      kind: grid\n"
    after = with_taken(text, "one", LOOKS, "a.yaml")
    assert yaml.safe_load(after) == expected(text, LOOKS)
    assert "looks: [3, 5]  # declared first\n" in after


@pytest.mark.parametrize("name", ['arm=a "b"', "arm=é", "arm=a: b # c", "arm=𝛼", "arm=true"])
def test_any_name_of_a_configuration_is_read_back(name):
    text = TEXTS["flow"]
    assert yaml.safe_load(with_taken(text, "one", {name: 3}, "a.yaml")) == expected(text, {name: 3})


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sweeps: {two: {}}", "p.yaml has no sweeps.one.design"),
        ("sweeps: {one: {title: One}}", "p.yaml has no sweeps.one.design"),
        ("scale: quick", "p.yaml has no sweeps.one.design"),
        ("", "p.yaml has no sweeps.one.design"),
        ("sweeps: {one: {design: {kind: grid}}}", "sweeps.one.design has no looks"),
    ],
)
def test_a_sweep_that_declares_no_looks_is_named(text, answer):
    with pytest.raises(InputError, match=answer):
        with_taken(text, "one", LOOKS, "p.yaml")


def test_the_file_itself_is_changed(tmp_path):
    path = tmp_path / "calls.yaml"
    path.write_text(TEXTS["flow"] + "# é\n", "utf-8")
    take(path, "one", LOOKS)
    text = path.read_text("utf-8")
    assert text.endswith("# é\n") and yaml.safe_load(text) == expected(TEXTS["flow"], LOOKS)
    assert [file.name for file in tmp_path.iterdir()] == ["calls.yaml"]


def test_ends_of_lines_stay_as_they_were(tmp_path):
    path = tmp_path / "calls.yaml"
    text = TEXTS["flow"].replace("\n", "\r\n")
    path.write_bytes(text.encode())
    take(path, "one", LOOKS)
    assert path.read_bytes() == with_taken(text, "one", LOOKS, "a.yaml").encode()
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 3


def test_looks_are_recorded_one_after_the_other(tmp_path):
    path = tmp_path / "looks.json"
    record(path, {"sweep": "one", "look": 5})
    record(path, {"sweep": "one", "look": 8})
    looks = [{"sweep": "one", "look": 5}, {"sweep": "one", "look": 8}]
    assert json.loads(path.read_text()) == {"looks": looks}


def test_a_look_is_recorded_whatever_the_order_of_the_factors(tmp_path):
    path = tmp_path / "looks.json"
    record(path, {"sweep": "one", "look": 5, "configurations": ["mode=a, size=8"]})
    taken = {"one": {"size=8, mode=a": 5, "size=8, mode=b": 5}}
    assert list(unrecorded(path, taken)) == [("one", 5, ["size=8, mode=b"])]
