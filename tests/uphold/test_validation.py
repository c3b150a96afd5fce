"""What is wrong is named by its place, in one sentence each, with the nearest valid key."""

from typing import Literal

import pytest
from pydantic import model_validator

from uphold import validation
from uphold.errors import InputError
from uphold.validation import LARGEST, Settings, read_yaml, validated, yaml_text


class Inner(Settings):
    low: int = 0
    high: int = 1

    @model_validator(mode="after")
    def _in_order(self) -> "Inner":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Outer(Settings):
    size: int
    inner: Inner = Inner()
    scales: dict[Literal["quick", "full"], int] = {}


class Named(Settings):
    names: list[str]


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"size": 1, "siez": 2}, "file: siez is not a key. Did you mean 'size'?"),
        ({"size": 1, "inner": {"hihg": 2}}, "file: inner.hihg is not a key. Did you mean 'high'?"),
        (
            {"siez": 2},
            "file: size is missing: give it, such as size: 3.\n"
            "file: siez is not a key. Did you mean 'size'?",
        ),
        (
            {"size": 1, "inner": 3},
            "file: inner is 3: it should be a mapping of keys to values, such as inner: {}.",
        ),
        (
            {"size": 1, "scales": [1]},
            "file: scales is [1]: it should be a mapping of keys to values, such as scales: {quick:"
            " 3}.",
        ),
        ([1], "file is [1]: it should be a mapping of keys to values."),
        (
            {"size": 1, "scales": {"fulll": 1}},
            "file: scales.fulll is not a key: it should be 'quick' or 'full'.",
        ),
        ({"size": 1, "inner": {"low": 5, "high": 2}}, "file: inner: low is above high."),
    ],
)
def test_what_is_wrong_is_told_by_its_place(values, answer):
    with pytest.raises(InputError) as error:
        validated(Outer, values, "file")
    assert str(error.value) == answer


def test_a_rule_of_the_whole_is_told_without_its_values():
    with pytest.raises(InputError) as error:
        validated(Inner, {"low": 5, "high": 2}, "file")
    assert str(error.value) == "file: low is above high."


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(InputError, match="the key 'a' stands twice"):
        read_yaml("a: 1\na: 2\n", "file")


@pytest.mark.parametrize("top", ["[*a19]", "{*a19 : 1}", "*a19", "&b {c: *b}", "&b [*b]"])
def test_aliases_that_multiply_without_end_are_refused(top):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 20)]
    with pytest.raises(InputError, match="more than 100,000 values"):
        read_yaml("\n".join([*lines, f"top: {top}"]), "file")


def test_aliases_are_read():
    assert read_yaml("a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}", "file") == {
        **{"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1, "y": 2}},
    }


def test_a_long_value_is_cut():
    with pytest.raises(InputError) as error:
        validated(Named, {"names": [["x" * 500] * 500]}, "file")
    assert len(str(error.value)) < 1000 and "names.0 is ['xxx" in str(error.value)


def test_many_errors_are_counted():
    with pytest.raises(InputError) as error:
        validated(Named, {"names": list(range(50))}, "file")
    assert str(error.value).count("\n") == 20 and str(error.value).endswith("… and 30 more")


@pytest.mark.parametrize("value", ["2024-99-99", "1" * 5000])
def test_a_value_that_yaml_cannot_make_is_no_yaml(value):
    with pytest.raises(InputError, match="not valid YAML"):
        read_yaml(f"a: {value}", "file")


NO_VALUES = [
    *("!!int ''", "!!int '-'", "!!int '0x'", "!!int x", "!!float ''", "!!float '.'"),
    *("!!bool maybe", "!!timestamp x", "!!timestamp 2024-99-99", "2001-12-15 2:59:43.1 +99:99"),
    *(
        "!!omap [x]",
        "!!pairs x",
        "!!seq x",
        "!!map x",
        "!!python/name:os.system x",
        '"\\Uffffffff"',
    ),
]


@pytest.mark.parametrize("value", NO_VALUES)
def test_a_value_that_is_not_what_its_tag_says_is_no_yaml(value):
    with pytest.raises(InputError, match=r"^file is not valid YAML: .*\.$"):
        read_yaml(f"a: {value}", "file")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(f"k{i}: {i}\n" for i in range(400_000)), id="keys"),
        pytest.param("[" + "1," * 1_000_000 + "]", id="values"),
        pytest.param("a: |\n" + "  x\n" * 3_000_000, id="text"),
        pytest.param("[" * 100_000, id="brackets"),
        pytest.param("? " * 100_000, id="questions"),
    ],
)
def test_more_yaml_than_anybody_writes_is_refused_before_it_is_read(text):
    with pytest.raises(InputError, match=r"more than|longer than|too deeply"):
        read_yaml(text, "file")


def test_many_keys_are_read_each_compared_once(monkeypatch):
    """That none stands twice is not found out by comparing each key with every other."""
    compared = 0

    class Key(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    monkeypatch.setattr(validation, "str", lambda value: Key(value), raising=False)
    assert len(read_yaml("".join(f"k{i}: {i}\n" for i in range(2000)), "file")) == 2000
    assert compared < 20_000


@pytest.mark.parametrize("content", [b"a: \xff", "a: ü".encode("utf-16")])
def test_a_file_that_is_no_text_is_named(tmp_path, content):
    path = tmp_path / "params.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"params\.yaml is not text in UTF-8"):
        yaml_text(path)


def test_of_a_file_that_is_too_long_no_more_is_read_than_tells_so(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_bytes(b"#" * (2 * LARGEST))
    assert len(yaml_text(path)) == LARGEST + 1
    with pytest.raises(InputError, match=r"longer than 4,194,304 characters"):
        read_yaml(yaml_text(path), str(path))


class Numbers(Settings):
    share: float = 0.5
    count: int = 1
    most: int | None = None
    either: bool | int = 0
    flag: bool = False


@pytest.mark.parametrize("name", ["share", "count", "most"])
@pytest.mark.parametrize("truth", [True, False])
def test_a_truth_value_is_no_number_in_any_settings(name, truth):
    with pytest.raises(InputError, match=f"file: {name} is {str(truth).lower()}: it should be"):
        validated(Numbers, {name: truth}, "file")


def test_a_truth_value_stays_one_where_it_may_be_one():
    made = validated(Numbers, {"either": True, "flag": True, "share": 1, "most": None}, "file")
    assert made.either is True and made.flag is True and made.share == 1.0 and made.most is None
