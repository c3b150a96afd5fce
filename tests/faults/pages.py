"""Pages that are made once: what makes them writes temporary files alone, and takes seconds.

In trials whose faults come to the repository they are computed once, by the code that makes them
always, and remembered, as is what a report computes of its log; all that writes in the repository
runs each time. Faults of temporary files come to trials in which nothing is remembered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from uphold.rendering import embedded, rendered
from uphold.runlog import report


class _NoKernel:
    """In place of an interpreter, where what it would answer is known."""

    def session(self) -> nullcontext:
        return nullcontext()


@contextmanager
def remembered(make: Callable[[], object]) -> Iterator[None]:
    """Remember, inside the block and in forks that are made in it, what `make` needs for pages."""
    real = [(rendered, name, getattr(rendered, name)) for name in ("execute", "_kernel")]
    real += [(embedded, "write", embedded.write), (report, "written", report.written)]
    real += [(report, name, getattr(report, name)) for name in ("judge_log", "what_if")]
    executed = _once(rendered.execute, lambda document, session: str(document.path))
    rendered.execute = executed
    embedded.write = _once(embedded.write, lambda page, settings, where: where)
    report.written = _once(report.written, lambda found: found["title"])
    for name in ("judge_log", "what_if"):
        setattr(report, name, _once(getattr(report, name), lambda *given: ""))
    try:
        make()
        rendered._kernel = lambda checked: nullcontext(_NoKernel())
        yield
    finally:
        for module, name, function in real:
            setattr(module, name, function)


def _once(function: Callable[..., Any], key: Callable[..., str]) -> Callable[..., Any]:
    known: dict[str, Any] = {}

    def answer(*given: Any) -> Any:
        name = key(*given)
        if name not in known:
            known[name] = function(*given)
        return known[name]

    return answer
