"""The file that ``--out`` names: what it may take the place of."""

from pathlib import Path

from uphold.errors import InputError


def refuse_another(out: Path, begins: bytes, what: str) -> None:
    """Refuse to write where something lies that a command like this one did not write.

    Parameters
    ----------
    out : Path
        The file to write.
    begins : bytes
        How a file begins whose place it may take.
    what : str
        What such a file is, in words: ``table``.

    Raises
    ------
    InputError
        If there is a folder, or a file that begins otherwise.
    """
    if out.is_dir():
        raise InputError(f"--out {out} is a folder: name a file in it.")
    if not out.exists():
        return
    with out.open("rb") as file:
        if file.read(len(begins)) != begins:
            raise InputError(f"--out {out} is there already and is no such {what}: name another.")
