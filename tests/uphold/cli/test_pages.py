"""``uphold pages`` names every page, and says which are not rendered yet."""

import contextlib
from pathlib import Path

import yaml

from uphold.cli.pages import pages

ROOT = Path(__file__).parents[3]


def test_pages_are_named_whether_or_not_they_are_rendered(tmp_path, capsys):
    text = (ROOT / "params.yaml").read_text("utf-8")
    (tmp_path / "params.yaml").write_text(text)
    made = tmp_path / "reports" / "_site" / "index.html"
    made.parent.mkdir(parents=True)
    made.write_text("")
    (tmp_path / "reports" / "guide-first.qmd").write_text("")
    with contextlib.chdir(tmp_path):
        pages()
    answer = capsys.readouterr().out.splitlines()
    assert answer[:2] == ["reports/_site/index.html", "reports/_site/index.pdf (not rendered yet)"]
    assert len(answer) == 2 * (3 + len(yaml.safe_load(text)["writeups"]))
    assert answer[-3:] == [
        f"reports/_site/{page} (not rendered yet)"
        for page in ("calibration.pdf", "guide-first.html", "guide-first.pdf")
    ]
