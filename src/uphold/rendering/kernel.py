"""The Jupyter kernel that documents run in: this interpreter, and nothing of the user's.

The kernel is ``sys.executable``, not a kernelspec that may name another Python. It talks over IPC
where there is IPC, keeps no history, reads no profile of the user's, and draws figures as SVG
whose bytes depend on what is drawn alone.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbclient import NotebookClient

_CELL_SECONDS = 600  # documents format; one that takes longer hangs

# a figure's identifiers and metadata would otherwise differ from one execution to the next
_FIGURES = [
    "--InlineBackend.figure_formats=svg",
    "--InlineBackend.rc={'svg.hashsalt': 'studies'}",
    "--InlineBackend.print_figure_kwargs="
    "{'bbox_inches': 'tight', 'metadata': {'Date': None, 'Creator': None}}",
]


def _quickly_import_nbformat() -> None:
    """Import nbformat without the grammars of URIs, which take 1.8 s and which no notebook has.

    jsonschema, which nbformat checks notebooks with, goes without a package that is not there.
    """
    grammars = "rfc3987_syntax"
    if grammars in sys.modules:
        return
    sys.modules[grammars] = None  # type: ignore[assignment]
    try:
        import nbformat  # noqa: F401
    finally:
        del sys.modules[grammars]


@contextmanager
def started(folder: Path) -> Iterator["NotebookClient"]:
    """Start a kernel in `folder`, and yield the client of an empty notebook."""
    _quickly_import_nbformat()
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class ThisInterpreter(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            argv = [*launch, "--HistoryManager.enabled=False", *_FIGURES]
            return KernelSpec(argv=argv, display_name="Python", language="python")

    with TemporaryDirectory(prefix="studies-") as place:
        manager = ThisInterpreter(
            # the paths of IPC sockets may have about a hundred characters, so the place is short
            transport="ipc" if os.name == "posix" else "tcp",
            connection_file=str(Path(place, "kernel.json")),
        )
        client = NotebookClient(
            nbformat.v4.new_notebook(),
            km=manager,
            timeout=_CELL_SECONDS,
            resources={"metadata": {"path": str(folder.resolve())}},
        )
        environment = {**os.environ, "IPYTHONDIR": place, "PYTHONHASHSEED": "0"}
        with client.setup_kernel(cleanup_kc=True, env=environment):
            yield client
