"""Which commits changed the code that data are made and models are trained with.

In: a repository's history, a study, and the first commit with results. Out: how many commits that
these results do not build on changed the code, and the last of them. Promised: comments,
docstrings, layout and a file's place are no change. Which runs a change concerns is not said: code
that the study shares with others counts as a whole.
"""

import ast
from functools import cache
from pathlib import Path

from uphold.claims.history import Contents, History, Touched
from uphold.claims.standing import CodeChanges, Commit

SHARED = ("src/uphold/training",)
OF_A_STUDY = ("data", "settings", "training")
"""The modules of a study that decide what is trained on what."""


def paths(study: str) -> list[str]:
    """Return where the code of a study's data and training stands; a module may be one file."""
    return [*(f"src/studies/{study}/{part}" for part in OF_A_STUDY), *SHARED]


def code_changes(
    history: History, contents: Contents, study: str, first: Commit | None
) -> CodeChanges:
    """Return which commits changed the training code of a study after the first results."""
    held = tuple(paths(study))
    before = history.before(first.name) if first else set(history.made)
    changed = [
        made.commit
        for made in history.made.values()
        if made.commit.name not in before
        and (made.parents or not history.cut)
        and any(_is_code(f.path, held) and _differs(f, contents) for f in made.files)
    ]
    return CodeChanges(
        commits=len(changed),
        last=changed[0] if changed else None,
        uncommitted=any(
            _is_code(path, held) and _is_edited(history.root / path, path, contents)
            for path in history.uncommitted
        ),
    )


def _is_code(path: str, held: tuple[str, ...]) -> bool:
    places = (*(f"{place}/" for place in held), *(f"{place}.py" for place in held))
    return path.endswith(".py") and path.startswith(places)


def _differs(touched: Touched, contents: Contents) -> bool:
    now = _meaning(contents.of(touched.after)) if touched.after else None
    return all(now != (_meaning(contents.of(x)) if x else None) for x in touched.before)


def _is_edited(file: Path, path: str, contents: Contents) -> bool:
    now = _meaning(file.read_bytes()) if file.is_file() else None
    return now != _meaning(contents.of(f"HEAD:./{path}"))


@cache
def _meaning(text: bytes) -> str:
    """Return what a file's code says, its docstrings apart."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text.decode(errors="replace")
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                    node.body = rest
    return ast.dump(tree)
