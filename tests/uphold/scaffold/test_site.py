"""A further page is at the end of the list of pages, and all else in the file stays."""

from pathlib import Path

import pytest
import yaml

from uphold.errors import InputError
from uphold.rendering import website
from uphold.scaffold import lay_out, site

ROOT = Path(__file__).parents[3]
TEXT = """\
# above
website:
  title: "Site"   # kept
  sidebar:
    contents:
      # the first
      - {text: "Start", href: index.qmd}   # home
{more}
lang: en
"""


@pytest.mark.parametrize("more", ["", "\n      - text: Two\n        href: two.qmd  # the second\n"])
def test_a_page_comes_last_and_the_rest_stays(more):
    text = TEXT.replace("{more}", more)
    after = site.with_page(text, "my_own", 'My "own": 2')
    (line,) = (line for line in after.splitlines() if line not in text.splitlines())
    assert after.replace(f"{line}\n", "", 1) == text
    pages = website.read(yaml.safe_load(after)["website"], Path("x")).pages
    assert [*pages.items()][-1] == ("my_own", 'My "own": 2')
    assert len(pages) == len(website.read(yaml.safe_load(text)["website"], Path("x")).pages) + 1


def test_a_page_comes_before_the_sections_of_the_list():
    section = """
      - section: "More"
        contents:
          - {text: "Two", href: two.qmd}
"""
    after = site.with_page(TEXT.replace("{more}", section), "own", "Own")
    contents = yaml.safe_load(after)["website"]["sidebar"]["contents"]
    assert contents[1] == {"text": "Own", "href": "own.qmd"} and contents[2]["section"] == "More"
    assert [*website.read(yaml.safe_load(after)["website"], Path("x")).pages] == [
        *("index", "own", "two")
    ]


def test_a_file_without_a_list_is_left_as_it_is():
    for text in ("lang: en\n", "website:\n  title: x\n", ""):
        assert site.with_page(text, "own", "Own") == text


def test_a_list_in_one_line_is_refused_with_a_way_out():
    text = "website: {sidebar: {contents: [{text: Start, href: index.qmd}]}}\n"
    with pytest.raises(InputError, match="give each of its pages a line of its own"):
        site.with_page(text, "own", "Own")


def test_a_new_study_has_its_page_in_the_list(project):
    settings = project / site.FILE
    before = yaml.safe_load(settings.read_text())
    assert site.FILE in lay_out("wing_beats", project)
    after = yaml.safe_load(settings.read_text())
    contents = after["website"]["sidebar"]["contents"]
    at = next(at for at, each in enumerate(contents) if each.get("href") == "wing_beats.qmd")
    added = contents.pop(at)
    assert added == {"text": "Wing beats", "href": "wing_beats.qmd"}
    assert after == before


def test_a_study_is_laid_out_without_a_list_too(project):
    (project / site.FILE).unlink()
    assert site.FILE not in lay_out("wings", project)
