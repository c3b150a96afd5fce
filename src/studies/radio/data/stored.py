"""Where a published file lies: the path in the settings is the file or the folder around it."""

from pathlib import Path

from uphold.errors import InputError

PACKED = (".bz2", ".gz", ".tgz", ".zip", ".xz", ".7z")


def find(path: str, *names: str) -> Path:
    """Return the file.

    Parameters
    ----------
    path : str
        ``studies.radio.path`` in params.yaml.
    *names : str
        What the publisher calls the file; looked for, in any case, where `path` is a folder.

    Raises
    ------
    InputError
        There is none, it is still packed, or there are several.
    """
    place = Path(path)
    if not place.is_dir():
        found = [place]
    else:
        inside = sorted(place.iterdir())
        wanted = {name.lower() for name in names}
        found = [one for one in inside if one.name.lower() in wanted] or [place / names[0]]
    if len(found) > 1:
        raise InputError(
            f"{place} holds {' and '.join(one.name for one in found)}: name one in params.yaml, "
            f"as radio: {{path: {found[0]}}}."
        )
    if found[0].is_file():
        return found[0]
    packed = [one for one in inside if one.name.endswith(PACKED)] if place.is_dir() else []
    if packed:
        raise InputError(
            f"There is no {' or '.join(names)} in {place} but {packed[0].name}: unpack it there."
        )
    raise InputError(
        f"There is no file {found[0]} (studies.radio.path in params.yaml): see "
        "data/radioml/README.md for where to get it."
    )
