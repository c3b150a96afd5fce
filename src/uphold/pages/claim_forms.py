"""The forms of claims, for whoever writes one: what each asks, its keys, an example.

In: the registry of forms. Out: a table, a line a form. Promised: it is made of what the forms say
of themselves, so that a new form has its line; and each example is one that a spec takes.
"""

import sys
from collections.abc import Iterator

import yaml
from great_tables import GT

from uphold.claims.claim import Claim
from uphold.claims.expectations import EXPECTED
from uphold.claims.forms import FORMS
from uphold.pages.table import plain
from uphold.wrong_values import example_of

ANY = "any"
"""In place of all that may be expected."""


def table() -> GT:
    """Return the forms, a line each."""
    rows = [
        (name, _asks(kind), ", ".join(_keys(kind)), _expects(kind), example(kind))
        for name, kind in FORMS.items()
    ]
    return plain(rows, ["form", "what it asks", "keys", "expect", "example"])


def example(kind: type[Claim]) -> str:
    """Return the key of a form with what may stand there, as a spec has it."""
    value = {kind.form: example_of(kind, kind.form)}
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10**6)
    return str(text).strip()[1:-1]


def expectations() -> str:
    """Return all that may be expected, in words."""
    *some, last = EXPECTED
    return f"{', '.join(some)} or {last}"


def _asks(kind: type[Claim]) -> str:
    """Return the sentence with which a form's file begins."""
    told = (sys.modules[kind.__module__].__doc__ or "").split("\n\n")[0]
    return " ".join(told.split()).removeprefix(f"``{kind.form}``: ").removesuffix(".")


def _keys(kind: type[Claim]) -> Iterator[str]:
    """Yield the keys that stand under a form's own, with what holds where one is left out."""
    of_form = kind.model_fields[kind.form].annotation
    for name, field in getattr(of_form, "model_fields", {}).items():
        left_out = "" if field.default is None or field.is_required() else f" = {field.default}"
        yield f"{field.alias or name}{left_out}"


def _expects(kind: type[Claim]) -> str:
    return ANY if kind.expects == tuple(EXPECTED) else ", ".join(kind.expects) or "—"
