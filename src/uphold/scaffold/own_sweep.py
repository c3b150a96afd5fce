"""``uphold sweep``: a name and factors → a sweep of a study, its claims and its page.

What goes out: the sweep and its claims in ``params/<study>.yaml``, its names in ``params.yaml``,
and a page, with its line in the list of pages and a replication of nothing; or, for a write-up that
is there, its further claims and a section of its page. Which they are `own_design` says, how they
are written `own_texts`. What is promised: nothing is overwritten; what is written passes ``uphold
check``, or nothing is written at all.
"""

import contextlib
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from uphold.disk import publish
from uphold.errors import InputError
from uphold.format import use_names
from uphold.pipeline.check import check
from uphold.pipeline.documents import check_documents
from uphold.pipeline.params import FILE, RESERVED, Params, file_of, load
from uphold.pipeline.stages.files import LARGER, REPLICATION, json_bytes
from uphold.pipeline.stages.paths import Paths
from uphold.pipeline.study import find
from uphold.pipeline.yaml_text import means_itself
from uphold.scaffold import own_texts, site
from uphold.scaffold.lay_out import LONGEST
from uphold.scaffold.own_design import Asked, claims_of, design_of, promotion_of

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def lay_out_sweep(asked: Asked, root: Path) -> list[Path]:
    """Lay out a sweep and return the files that were written, relative to `root`.

    Raises
    ------
    InputError
        Where the name cannot be one or is taken, a factor is no setting of the study's runs, or a
        level does not fit.
    """
    params = load(root)
    params.study(asked.study)
    there = asked.writeup in params.names.writeups
    _refuse_name(asked, params, there)
    check(params, asked.study)
    check_documents(params, asked.study)
    study = find(asked.study)
    use_names(study.names)
    design = design_of(asked, params, study)
    claims = claims_of(asked, params, design)
    document = Paths(root).document(asked.writeup)
    names, file, pages = root / FILE, root / file_of(asked.study), root / site.FILE
    read = (names, file, document, pages)
    before = {path: path.read_bytes() for path in read if path.is_file()}
    text = {path: old.decode().replace("\r\n", "\n") for path, old in before.items()}
    promotion, first = promotion_of(params, study), None if there else claims
    of_study = own_texts.lines_of_study(asked, design, promotion, first)
    after = {
        names: own_texts.edited(text[names], own_texts.lines_of_names(asked, there), FILE),
        file: own_texts.edited(text[file], of_study, file_of(asked.study)),
    }
    if there:
        after[file] = own_texts.with_claims(after[file], asked, params, claims)
        after[document] = own_texts.with_section(text[document], asked)
    else:
        after[document] = own_texts.page(asked, study)
        if pages in text:
            after[pages] = site.with_page(text[pages], asked.writeup, asked.title)
        for name in (REPLICATION, LARGER):
            kept = Paths(root).findings(asked.writeup).with_name(name)
            after[kept] = json_bytes({}).decode()
    try:
        for path, edited in after.items():
            ends = "\r\n" if b"\r\n" in before.get(path, b"") else "\n"
            publish(path, edited.replace("\n", ends).encode())
        check(load(root), asked.study)
    except BaseException:
        take_back(after, before)
        raise
    return [path.relative_to(root) for path in after]


def take_back(written: Collection[Path], before: Mapping[Path, bytes]) -> None:
    """Put back the files that were there `before`, and delete the others that were written."""
    for path in written:
        if path in before:
            publish(path, before[path])
        else:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # of a folder that was there, or that holds more
                path.parent.rmdir()


def _refuse_name(asked: Asked, params: Params, there: bool) -> None:
    names = params.names
    for what, name in (("sweep", asked.name), ("write-up", asked.writeup)):
        if not means_itself(name):
            raise InputError(
                f"A {what} cannot be called {name!r}, which is no text in YAML but a truth value, a"
                " number or a day: take another name."
            )
        if name in RESERVED or not NAME.fullmatch(name) or len(name) > LONGEST:
            raise InputError(
                f"A {what} cannot be called {name!r:.80}: take up to {LONGEST} lower-case letters,"
                f" digits, - and _, and none of {', '.join(RESERVED)}."
            )
    for section, used in (("sweeps", names.sweeps), ("searches", names.searches)):
        if asked.name in used:
            raise InputError(f"{FILE}: {section}.{asked.name} exists already: take another name.")
    if there and names.writeups[asked.writeup].study != asked.study:
        raise InputError(
            f"{FILE}: writeups.{asked.writeup} is about the study"
            f" {names.writeups[asked.writeup].study!r}: name a write-up of {asked.study}, or a new"
            " one."
        )
    paths = Paths(params.root)
    places = [paths.promoted(asked.name), paths.sweep(asked.writeup, asked.name)]
    if not there:
        places += [paths.document(asked.writeup), paths.findings(asked.writeup).parent]
    if taken := [str(place) for place in places if os.path.lexists(place)]:
        raise InputError(f"{', '.join(taken)}: there already. Take another name, or move it away.")
