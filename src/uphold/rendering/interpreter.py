"""What runs in the process of a `uphold.rendering.kernel`: IPython, without Jupyter's servers.

    python -P interpreter.py SOCKET MODULE ...

In: the number of a socket over which one more socket comes for each document, and modules to be
imported first. A document's socket takes a cell or expressions a line and gives what they put out
a line, until it is closed. Each document has a fork of its own. What an object shows itself as is
IPython's to say, as in a notebook. Where the system refuses it something, a file on a full disk
say, it writes why into the socket, one line, and ends.
"""

import importlib
import io
import json
import os
import socket
import sys
import warnings
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any, TypedDict

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]
"""As in a notebook: output_type, and data or name and text."""


class Error(TypedDict):
    """What a cell raised, and its traceback as a terminal shows it."""

    name: str
    value: str
    trace: str


class Answer(TypedDict):
    """What a cell gave."""

    outputs: list[Output]
    error: Error | None


_BACKEND = "module://matplotlib_inline.backend_inline"

# a figure's identifiers and metadata would otherwise differ from one execution to the next
_SETTINGS = Config(
    HistoryManager={"enabled": False},
    InlineBackend={
        "figure_formats": {"svg"},
        "rc": {"svg.hashsalt": "studies"},
        "print_figure_kwargs": {
            "bbox_inches": "tight",
            "metadata": {"Date": None, "Creator": None},
        },
    },
)

_outputs: list[Output] = []
"""What the running cell has put out so far."""


class _Shown(DisplayPublisher):
    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        _outputs.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})


class _Result(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        _outputs.append(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": format_dict,
                "metadata": md_dict or {},
            }
        )

    def finish_displayhook(self) -> None:
        pass


class _Printed(io.TextIOBase):
    """A stream whose text is an output, one with what the same stream was given just before."""

    def __init__(self, name: str) -> None:
        self._stream = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = _outputs[-1] if _outputs else {}
        if last.get("name") == self._stream:
            last["text"] += text
        elif text:
            _outputs.append({"output_type": "stream", "name": self._stream, "text": text})
        return len(text)


class _Shell(InteractiveShell):
    displayhook_class = Type(_Result)
    display_pub_class = Type(_Shown)
    trace = ""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: Sequence[str]) -> None:
        self.trace = "\n".join(stb)


def main(control: socket.socket, modules: Iterable[str]) -> None:
    """Serve documents until no more can come, and wait for them."""
    os.environ["MPLBACKEND"] = _BACKEND
    sys.path.insert(0, "")  # modules beside a document are its own, as in a notebook
    # A box stands for it in the figure; whoever reads the page can do nothing about it.
    warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
    shell = _Shell.instance(config=_SETTINGS)
    for module in modules:
        with suppress(Exception):  # the cell that imports it says so, with its line
            importlib.import_module(module)
    while True:
        asked, lines, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            break
        with socket.socket(fileno=lines[0]) as line:
            if not os.fork():
                try:
                    control.close()
                    _serve(shell, line)
                finally:
                    os._exit(0)  # what the process does next, and at its end, is not the fork's
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _serve(shell: _Shell, line: socket.socket) -> None:
    """Answer the requests of one document, in their order."""
    with (
        suppress(ConnectionError),  # nobody waits for the answer any more
        line.makefile("rw", encoding="utf-8", newline="\n") as requests,
        redirect_stdout(_Printed("stdout")),
        redirect_stderr(_Printed("stderr")),
    ):
        for text in iter(requests.readline, ""):
            request = json.loads(text)
            answer = (
                _cell(shell, request["cell"])
                if "cell" in request
                else shell.user_expressions(request["expressions"])  # type: ignore[no-untyped-call]
            )
            requests.write(f"{json.dumps(answer, default=repr)}\n")
            requests.flush()


def _cell(shell: _Shell, source: str) -> Answer:
    _outputs.clear()
    shell.trace = ""
    found = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    error = found.error_before_exec or found.error_in_exec
    told = Error(name=type(error).__name__, value=str(error), trace=shell.trace) if error else None
    return {"outputs": _outputs, "error": told}


def _refusal(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        try:
            main(given, sys.argv[2:])
        except OSError as refused:
            given.sendall(_refusal(refused).encode())
            sys.exit(1)
