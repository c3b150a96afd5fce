"""A page that was written here says so itself; nothing else is overwritten."""

import subprocess

import pytest

from uphold.errors import InputError
from uphold.rendering import render, render_all, rendered, signed

ENDINGS = ("html", "pdf")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("content", ["<p>Mine.</p>", ""])
def test_a_file_of_somebody_else_is_named_and_left(write, tmp_path, ending, content):
    path, site = write("Text."), tmp_path / "site"
    site.mkdir()
    mine = site / f"page.{ending}"
    mine.write_text(content)
    with pytest.raises(InputError, match=rf"{site} holds page\.{ending}, which .* move it"):
        render(path, site, renderer="embedded")
    assert [file.name for file in site.iterdir()] == [mine.name] and mine.read_text() == content


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_page_that_was_edited_is_somebody_else_s(write, tmp_path, ending):
    made = render(write("Text."), tmp_path / "site", renderer="embedded")
    page = getattr(made, ending)
    edited = page.read_bytes().replace(b"T", b"S", 1)
    page.write_bytes(edited)
    with pytest.raises(InputError, match=rf"holds page\.{ending}, which"):
        render(write("Other."), tmp_path / "site", renderer="embedded")
    assert page.read_bytes() == edited


def test_folders_links_and_files_in_the_way_of_the_folder_are_somebody_else_s(write, tmp_path):
    path, site = write("Text."), tmp_path / "site"
    (site / "page.pdf").mkdir(parents=True)
    (tmp_path / "mine.html").write_text("Mine.")
    (site / "page.html").symlink_to(tmp_path / "mine.html")
    with pytest.raises(InputError, match=r"holds page\.html, page\.pdf, which"):
        render(path, site, renderer="embedded")
    assert (site / "page.html").is_symlink() and (site / "page.pdf").is_dir()
    with pytest.raises(InputError, match="is a file: move it elsewhere"):
        render(path, tmp_path / "mine.html", renderer="embedded")


def test_a_page_written_elsewhere_or_by_another_process_is_our_own(write, tmp_path):
    first = render(write("First."), tmp_path / "elsewhere", renderer="embedded")
    (tmp_path / "site").mkdir()
    for file in (first.html, first.pdf):
        file.rename(tmp_path / "site" / file.name)
    again = render(write("Second."), tmp_path / "site", renderer="embedded")
    assert "Second." in again.html.read_text()


def test_of_several_nothing_runs_where_a_file_is_in_the_way(write, tmp_path, monkeypatch):
    monkeypatch.setattr(rendered.kernel, "started", None)
    documents = [write("`{python} r.count()`", name) for name in ("one", "two")]
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "two.html").write_text("Mine.")
    with pytest.raises(InputError, match=r"holds two\.html, which"):
        list(render_all(documents, tmp_path / "site", renderer="embedded"))


def test_what_comes_into_the_folder_while_the_code_runs_is_left(write, tmp_path, monkeypatch):
    site = tmp_path / "site"
    assemble = rendered.page.assemble

    def meanwhile(*of):
        site.mkdir()
        (site / "page.html").write_text("Mine.")
        return assemble(*of)

    monkeypatch.setattr(rendered.page, "assemble", meanwhile)
    with pytest.raises(InputError, match=r"holds page\.html, which"):
        render(write("Text."), site, renderer="embedded")
    assert [file.read_text() for file in site.iterdir()] == ["Mine."]


def test_a_signed_pdf_is_a_pdf(write, tmp_path):
    made = render(write("Text."), tmp_path / "site", renderer="embedded")
    done = subprocess.run(["pdftotext", made.pdf, "-"], capture_output=True, text=True, check=True)
    assert "Text." in done.stdout and done.stderr == ""


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_line_that_signs_something_else_signs_nothing(tmp_path, ending):
    path = tmp_path / f"page.{ending}"
    whole = signed.signed(b"one", ending)
    for content, ours in ((whole, True), (b"two" + whole[3:], False), (whole + b" ", False)):
        path.write_bytes(content)
        assert signed.ours(path) == ours
