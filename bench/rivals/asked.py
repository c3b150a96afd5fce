"""The loop that every adapter runs: read a log, ask, time it, keep what was answered and said.

    VENV/bin/python with_<tool>.py LOGS OUT MOST SECONDS SCENARIO,SCENARIO

In: a folder with a folder for each scenario, in it ``question.json`` and ``<number>.csv``; of each
at most so many are read, and no more after so many seconds of CPU. Out: JSON lines, one a log. An
adapter gives ``load`` (its imports, which are timed), ``ask`` (what a user writes, whose lines are
counted) and ``read`` (plain data that the tool returned → answers). Only the standard library is
imported here, so that it runs in every tool's own environment.

An answer is ``better``, ``worse``, ``small`` (no difference that matters), ``unclear`` or, where
the tool has no such question, ``no question``. A tool that ends with an error has refused.
"""

import contextlib
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

Ask = Callable[[Path, dict[str, Any]], Any]
Read = Callable[[Any, dict[str, Any]], dict[str, str]]


class NoQuestionError(Exception):
    """The tool has no way to be asked this."""


def clean(message: str) -> str:
    return " ".join(message.split())


def one(path: Path, question: dict[str, Any], ask: Ask, read: Read) -> dict[str, Any]:
    """Return what a tool answers about one log, what it said beside it, and CPU seconds."""
    printed = io.StringIO()
    answers, error, raw = {}, "", None
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("always")
        started = time.process_time()
        try:
            raw = ask(path, question)
            answers = read(raw, question)
        except NoQuestionError:
            answers = dict.fromkeys(question["arms"] or ["interaction"], "no question")
        except Exception as stopped:  # whatever a package raises, it refuses
            error = f"{type(stopped).__name__}: {stopped}"
        seconds = time.process_time() - started
    dull = (DeprecationWarning, FutureWarning, PendingDeprecationWarning)
    said = dict.fromkeys(clean(str(w.message)) for w in caught if not issubclass(w.category, dull))
    own = raw.get("said", []) if isinstance(raw, dict) else []
    return {
        "answers": answers,
        "error": clean(error),
        "said": [*said, *own],
        "seconds": round(seconds, 4),
        "lines": raw.get("lines") if isinstance(raw, dict) else None,
    }


def asked(found: dict[str, Any]) -> bool:
    told = found["error"] or "no question" in found["answers"].values()
    return not told and found["lines"] is None


def ran(path: Path, question: dict[str, Any], ask: Ask) -> int:
    """Return how many lines of ``ask`` run for a log: those that its user writes."""
    first, lines = ask.__code__.co_firstlineno, set()

    def trace(frame: Any, event: str, _: Any) -> Any:
        code = frame.f_code
        if code.co_filename != ask.__code__.co_filename or code.co_firstlineno < first:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    quiet = io.StringIO()
    before = sys.gettrace()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        warnings.simplefilter("ignore")
        sys.settrace(trace)
        try:
            ask(path, question)
        finally:
            sys.settrace(before)
    return len(lines)


def main(load: Callable[[], str], ask: Ask, read: Read) -> None:
    """Ask about logs, one of each scenario in turn, so that every scenario gets as many."""
    logs, out, most, seconds, only = sys.argv[1:]
    folders = [Path(logs) / name for name in only.split(",")]
    questions = {f.name: json.loads((f / "question.json").read_text()) for f in folders}
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        version = load()
    head = {"version": version, "import": round(time.process_time() - started, 3)}
    with Path(out).open("w", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for number in range(int(most)):
            if time.process_time() - started > float(seconds):
                break
            for folder in folders:
                path, question = folder / f"{number}.csv", questions[folder.name]
                if not path.exists():  # of a published log there is one
                    continue
                found = one(path, question, ask, read)
                if number == 0 and asked(found):
                    found["lines"] = ran(path, question, ask)
                file.write(json.dumps({"scenario": folder.name, "log": number, **found}) + "\n")
            file.flush()
