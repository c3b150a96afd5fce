"""The one command line: ``uphold <verb> <study | sweep | write-up>``; a verb is a file here.

Each verb reads the params that it needs, hands them to a stage, and prints one line about what came
of it. Only the verb that is asked for is imported, so that a change of one makes no other stage run
again. Exit status 2: something that the user can mend, told in one message; 75: the sweep is being
trained by another process; 130: it was interrupted.
"""

import errno
import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

STAGES = (
    "code",
    "check",
    "prepare",
    "search",
    "train",
    "evaluate",
    "confirm",
    "analyze",
    "register",
    "render",
    "calibrate",
)
"""The verbs that dvc.yaml calls, in the order of the pipeline."""
VERBS = (
    "make",
    *STAGES,
    "pages",
    "init",
    "new",
    "sweep",
    "lint",
    "current",
    "decide",
    "replicate",
    "propose",
    "report",
    "audit",
    "gate",
    "diff",
    "export",
    "predict",
    "journal",
)

BUSY = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""

INTERRUPTED = 130
"""What shells give a program that was ended by Ctrl-C."""

OF_STUDIES = frozenset({"dvc", "h5py", "optuna", "soundfile", "torch"})
"""What the extra ``studies`` brings, by the names that are imported."""

OF_PLACES = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.ENAMETOOLONG, errno.EIO, errno.EINTR),
    }
)
"""What the operating system says of a disk or a folder, and not of what we do with it."""

ROOT = Path()

StudyName = Annotated[str, typer.Argument(help="A study, as params.yaml names it.")]
SweepName = Annotated[str, typer.Argument(help="A sweep, as params.yaml names it.")]
WriteupName = Annotated[str, typer.Argument(help="A write-up, as params.yaml names it.")]
RunLog = Annotated[Path, typer.Argument(help="Runs: a file or a folder.")]


class _Verbs(TyperGroup):
    """The verbs, each imported when it is asked for."""

    # What contexts and commands are is private to Typer.
    def list_commands(self, context: object) -> list[str]:
        return list(VERBS)

    def get_command(self, context: object, name: str) -> Any:
        if name not in VERBS:
            from uphold.errors import InputError, nearest

            raise InputError(f"There is no verb {name!r}.{nearest(name, VERBS)} See uphold --help.")
        verb = getattr(importlib.import_module(f"{__name__}.{name}"), name)
        if not isinstance(verb, typer.Typer):
            function, verb = verb, typer.Typer(add_completion=False)
            verb.command(name)(function)
        command = typer.main.get_command(verb)
        command.name = name
        return command


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        say(f"uphold {version('uphold')}")
        raise typer.Exit


def _describe(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Studies whose write-ups cannot go stale or overclaim."""


app = typer.Typer(
    cls=_Verbs,
    callback=_describe,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; what a user can mend is told without a traceback."""
    from uphold import processor
    from uphold.errors import Busy, InputError

    try:
        # Before anything loads numpy or torch, which read it once.
        processor.pin(processor.setting(ROOT))
        app()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        if os.environ.get("UPHOLD_VERBOSE"):
            print(*getattr(error, "__notes__", ()), sep="\n", file=sys.stderr)
        sys.exit(2)
    except shutil.Error as error:  # of folders that are copied: each file, its copy, and why not
        _, copy, why = error.args[0][0]
        _refuse_place(f"{copy}: {why}")
    except OSError as error:
        if error.errno not in OF_PLACES:
            raise
        _refuse_place(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    except SystemExit as end:
        # Typer takes an interruption, and ends without a word.
        if end.code == INTERRUPTED:
            print(
                "interrupted: runs that were finished are kept, and the same command takes them up",
                file=sys.stderr,
            )
        raise
    except Busy as error:
        print(f"busy: {error}", file=sys.stderr)
        sys.exit(BUSY)
    except ModuleNotFoundError as error:
        if (missing := (error.name or "").partition(".")[0]) not in OF_STUDIES:
            raise
        print(f"error: {missing} is missing: pip install 'uphold[studies]'.", file=sys.stderr)
        sys.exit(2)


def _refuse_place(why: str | None) -> NoReturn:
    print(
        f"error: {why}. Make room there, or name a place that can be written to, and run the same"
        " command again: what was finished is kept.",
        file=sys.stderr,
    )
    sys.exit(2)


def say(message: str) -> None:
    """Print a line at once."""
    print(message, flush=True)


def refuse_missing(*paths: Path) -> None:
    """Raise `InputError` where a path is not there, before anything is imported that reads it."""
    from uphold.errors import InputError

    for path in paths:
        try:
            path.stat()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def refuse_without_spec(article: str, verb: str, runs: Path) -> NoReturn:
    """Raise `InputError`, which says how the spec that a verb needs is come by."""
    from uphold.errors import InputError

    raise InputError(
        f"{article} {verb} takes a spec: uphold propose {runs} > spec.yaml proposes one. Check"
        f" every line of it, then: uphold {verb} {runs} --spec spec.yaml"
    )
