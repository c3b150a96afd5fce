"""Mappings from YAML → checked settings, with errors that say what was meant.

In: a settings model and the mapping that should fit it. Out: the model. Promised: each thing wrong
is named by its place in the file, with the nearest valid key; a key that stands twice in one
mapping is an error instead of the first being dropped without a word; and no text takes long: the
limits of YAML stand here.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from uphold.errors import InputError, nearest
from uphold.wrong_values import explained

Model = TypeVar("Model", bound=BaseModel)
MOST_ERRORS = 20
LARGEST = 2**22
"""Bytes of YAML; the parser takes a second for each million."""
MOST_VALUES = 100_000
UNMADE = (ValueError, LookupError, AttributeError, TypeError, OverflowError)
"""What PyYAML raises where a value is not of the type that its tag names."""


class Settings(BaseModel):
    """Settings that refuse keys they do not know, and cannot change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _ascending(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError(f"the lowest value comes first, not {span[0]} before {span[1]}")
    return span


Span = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""The lowest and the highest value of something."""


def _rising(numbers: list[int]) -> list[int]:
    for before, number in itertools.pairwise(numbers):
        if number <= before:
            raise ValueError(
                f"looks rise from one to the next, and {number} follows {before}: name numbers of"
                " seeds, such as [3, 5, 8]"
            )
    return numbers


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "true and false are no numbers")
    return value


Whole = Annotated[int, Strict()]
"""A whole number; pydantic alone takes true for 1 and 3.0 for 3."""
Number = Annotated[float, BeforeValidator(_no_truth)]
"""A number, also as text, such as 1e-3, which YAML takes for one."""
Count = Annotated[Whole, Field(gt=0)]
Looks = Annotated[list[Count], AfterValidator(_rising), Field(examples=[[3, 5, 8]])]
"""The numbers of seeds at which claims may be judged."""


def validated(model: type[Model], values: Any, source: str) -> Model:
    """Return ``model`` made of ``values``, or raise `InputError` on everything that is wrong."""
    try:
        made = model.model_validate(values)
        errors = list(_truths(values, made))
    except ValidationError as error:
        errors = error.errors()
    if errors:
        lines = explained(errors, model, source)
        more = [f"… and {len(lines) - MOST_ERRORS} more"] * (len(lines) > MOST_ERRORS)
        raise InputError("\n".join(lines[:MOST_ERRORS] + more))
    return made


def _truths(values: Any, made: Any, place: tuple[str, ...] = ()) -> Iterator[ErrorDetails]:
    """Yield an error for each truth value that was taken for a number: pydantic reads true as 1."""
    if isinstance(values, bool) and isinstance(made, int | float) and not isinstance(made, bool):
        kind = "float_type" if isinstance(made, float) else "int_type"
        yield ErrorDetails(type=kind, loc=place, msg="true and false are no numbers", input=values)
    elif isinstance(values, Mapping):
        inside = vars(made) if isinstance(made, BaseModel) else made
        for name in (name for name in values if isinstance(inside, Mapping) and name in inside):
            yield from _truths(values[name], inside[name], (*place, name))


def known(name: str, valid: Iterable[str], what: str, source: str) -> None:
    """Raise `InputError` unless a name is among the valid ones."""
    valid = list(valid)
    if name not in valid:
        raise InputError(f"{source}: there is no {what} {name!r}.{nearest(name, valid)}")


def yaml_text(path: Path) -> str:
    """Return the text of a file of YAML, of one that is too long a little more than may be read.

    Raises
    ------
    FileNotFoundError
        It is not there, which only the caller can say how to mend.
    InputError
        It cannot be read, or is no text.
    """
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1).decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not text in UTF-8, as YAML is: save it as that.") from None


def read_yaml(text: str, source: str) -> Any:
    """Read YAML into plain values, never into objects.

    Raises
    ------
    InputError
        It is not YAML, a key stands twice, or it is larger than any file should be, by itself or
        by its aliases.
    """
    if len(text) > LARGEST:
        raise InputError(f"{source} is longer than {LARGEST:,} characters: divide it.")
    try:
        loader = _StrictLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            if _size(node, {}) > MOST_VALUES:
                raise InputError(f"{source} holds more than {MOST_VALUES:,} values by its aliases.")
            return loader.construct_document(node)
        finally:
            loader.dispose()
    # A ValueError is a day such as 2024-99-99, an OverflowError a letter such as \UFFFFFFFF.
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark, problem = (getattr(error, name, None) for name in ("problem_mark", "problem"))
        where = f"line {mark.line + 1}: " if mark else ""
        said = " ".join(str(problem or error).split()).rstrip(".")
        raise InputError(f"{source} is not valid YAML: {where}{said}.") from None
    except RecursionError:
        raise InputError(f"{source} is nested too deeply to be read.") from None


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """Return how many values a node stands for; infinitely many where it holds itself."""
    if id(node) not in known:
        known[id(node)] = math.inf
        inner = node.value if isinstance(node, yaml.CollectionNode) else ()
        if isinstance(node, yaml.MappingNode):
            inner = itertools.chain.from_iterable(inner)
        known[id(node)] = 1 + sum(_size(part, known) for part in inner)
    return known[id(node)]


class _StrictLoader(yaml.SafeLoader):  # type: ignore[misc]  # it comes without types
    """PyYAML's safe loader, except for three things.

    A key may stand once in a mapping; there is an end to how many values are taken; and a value
    that is not of the type that its tag names is an error of YAML and none of Python.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        self.values += 1
        if self.values > MOST_VALUES:
            said = f"it holds more than {MOST_VALUES:,} values, so divide it"
            raise yaml.composer.ComposerError(None, None, said, self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except UNMADE as error:
            value = f"{node.value!r:.40}" if isinstance(node, yaml.ScalarNode) else "this"
            kind = node.tag.rpartition(":")[2]
            raise yaml.constructor.ConstructorError(
                None, None, f"{value} is no {kind} ({error})", node.start_mark
            ) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set[str]()
        for key, _ in node.value:
            if (name := str(key.value)) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {name!r} stands twice", key.start_mark
                )
            seen.add(name)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made
