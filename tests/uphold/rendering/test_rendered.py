"""From a document to its pages, by the embedded renderer."""

import re
import shutil
import subprocess
import sys

import pytest

from uphold.errors import InputError
from uphold.palette import THEME
from uphold.rendering import (
    embedded,
    lint,
    page,
    project,
    render,
    render_all,
    rendered,
    signed,
    skeleton,
    tree,
)
from uphold.rendering.document import parse
from uphold.rendering.execution import Execution, Value

from .. import full_disk

CODE = "```{python}\nimport sample_results as r\n```\n"


def words(html: str) -> str:
    """Return the text of an HTML page, spaces evened out."""
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    for entity, letter in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}.items():
        text = text.replace(entity, letter)
    return re.sub(r"\s+", " ", text)


def test_a_document_runs_once_and_both_files_come_from_that(sample):
    assert len(sample.executions) == 1
    drawn = re.findall(r"draw-\d+-\d", words(sample.html))
    assert [d[-1] for d in drawn] == ["1", "2", "1"]
    assert re.findall(r"draw-\d+-\d", sample.typst) == drawn
    assert sample.rendered.renderer == "embedded"
    assert set(sample.rendered.seconds) == {"check", "execute", "write"}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_the_pdf_says_what_the_page_says(sample):
    command = ["pdftotext", "-layout", str(sample.rendered.pdf), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    drawn = re.findall(r"draw-\d+-\d", words(sample.html))
    assert re.findall(r"draw-\d+-\d", text) == drawn
    assert "<script>alert(1)</script>" in text
    assert "Table 1: Top configurations, mean ± SD over seeds, sorted" in text


def test_the_pdf_is_a_pdf(sample):
    assert sample.rendered.pdf.read_bytes().startswith(b"%PDF-")


def test_the_same_page_gives_the_same_bytes(sample):
    first = embedded.write(sample.page, sample.settings, "sample")
    assert first == embedded.write(sample.page, sample.settings, "sample")
    assert signed.signed(first[0], "html").decode() == sample.html
    assert signed.signed(first[1], "pdf") == sample.rendered.pdf.read_bytes()


def test_the_page_needs_no_network_and_no_other_file(sample):
    # links that a reader follows are the only addresses
    assert not re.search(r"<(link|script|img|iframe)[^>]+(src|href)=\"(?!data:)", sample.html)
    assert not re.search(r"url\((?!data:)|@import", sample.html)
    assert sample.html.count("<svg") + sample.html.count("data:image/svg+xml") >= 1


def test_hostile_text_is_shown_literally_in_both(sample, results):
    text = words(sample.html)
    assert text.count(results.HOSTILE) == 2  # as a value in prose, and in a table's cell
    assert "<script>alert" not in sample.html
    escaped = r'\#include "x" \$x\$ \@foo \*a\* \_b\_ \`c\` \[d\](e) \\ {{\< y \>}}'
    assert re.sub(r"\s+", " ", sample.typst).count(escaped) == 2


def test_colours_of_cells_are_in_both(sample):
    for fill, ink in [("#d7f0dd", "#116329"), ("#ffdce0", "#a40e26")]:
        assert re.search(rf"<td[^>]*background-color: {fill}; color: {ink}", sample.html)
        assert re.search(
            rf'table.cell\([^)]*fill: rgb\("{fill}"\)\)\[#set text\(fill: rgb\("{ink}"\)',
            sample.typst,
        )


def test_colours_of_words_are_in_both(sample):
    assert re.search(r'<span[^>]*style="color: #a40e26; background-color: #ffdce0"', sample.html)
    assert '#highlight(fill: rgb("#ffdce0"))[#text(fill: rgb("#a40e26"))[refuted]]' in sample.typst


def test_captions_are_numbered_alike(sample):
    expected = ["Table 1: Top", "Table 2: A table", "Table 3: Claims", "Table 4: Typed"]
    text = words(sample.html).replace("\u00a0", " ").replace(" :", ":")
    typst = sample.typst.replace("~", " ").replace("*", "").replace("#strong[", "").replace("]", "")
    for caption in [*expected, "Figure 1: The main effects"]:
        assert caption in text
        assert caption.replace(":", ":") in typst.replace(": ", ": ")


def test_references_lead_to_what_they_name(sample):
    html = sample.html.replace("\n", " ").replace("\u00a0", " ").replace("&nbsp;", " ")
    for label, shown in [
        ("fig-effects", "Figure 1"),
        ("tbl-top", "Table 1"),
        ("sec-overview", "Section 1"),
    ]:
        assert re.search(rf'<a\s+href="#{label}"[^>]*>{shown}</a>', html)
        assert f'id="{label}"' in html
        assert re.search(rf"#link\(<{label}>\)\[{shown.replace(' ', '~')}\]", sample.typst)
        assert re.search(rf"^<{label}>|[^(]<{label}>", sample.typst, re.MULTILINE)
    assert re.search(r'<a\s+href="#tbl-top"[^>]*>1</a>', html)  # [-@tbl-top]


def test_headings_are_numbered_and_unnumbered_ones_are_not(sample):
    text = words(sample.html)
    assert "1 Overview" in text.replace("\u2002", " ").replace("  ", " ")
    assert "1.1 Tables" in re.sub(r"\s+", " ", text)
    assert re.search(r"level: 1[^\n]*\)\[References\]", sample.typst)
    assert re.search(r"^== 1.1", sample.typst, re.MULTILINE)


def test_works_cited_are_listed_in_both(sample):
    for text in (words(sample.html), sample.typst):
        assert "(Zhang et al. 2018)" in text
        assert "Lin et al. (2017)" in text
        assert "Focal Loss for Dense Object Detection" in text
        assert "Chawla" not in text


def test_callouts_have_their_titles_in_both(sample):
    assert re.search(
        r'<div class="callout callout-warning">\s*<div class="callout-title">\s*Synthetic data, '
        r"<em>quick</em> scale",
        sample.html,
    )
    assert '#boxed("warning", [Synthetic data, #emph[quick] scale])[' in sample.typst
    assert '#boxed("note", [A title inside])[' in sample.typst


def test_a_callout_that_folds_is_closed_on_the_screen_and_whole_on_paper(sample):
    folded = re.search(
        r'<details class="callout callout-tip">\s*<summary class="callout-title">\s*Folded, with '
        r'<em>details</em>\s*</summary>\s*<div class="callout-body">(.*?)</div>\s*</details>',
        sample.html,
        re.DOTALL,
    )
    assert folded and 'id="tbl-folded"' in folded[1]
    assert '#boxed("tip", [Folded, with #emph[details]])[' in sample.typst
    assert "<tbl-folded>" in sample.typst


def test_only_what_folds_is_refused_another_way(write):
    body = '::: {.callout-tip collapse="false"}\nText.\n:::'
    (problem,) = lint(write(body))
    assert (problem.line, problem.text) == (
        5,
        "a callout with collapse='false': 'true' folds it, and without the attribute it is open.",
    )


def test_headings_lead_to_themselves_and_the_contents_stay_text(sample, embed):
    link = '<a href="#sec-overview" class="anchor" aria-label="Link to this section"></a></h2>'
    assert link in sample.html.replace("\n", " ")
    contents = sample.html.partition('<nav id="TOC"')[2].partition("</nav>")[0]
    assert 'href="#sec-overview"' in contents
    assert "anchor" not in contents
    assert 'class="anchor"' not in sample.typst


def test_the_contents_come_after_the_title_and_are_folded(sample, embed):
    title, contents, text = map(
        sample.html.index, ("</h1>", '<details class="contents">', '<div class="text">')
    )
    assert title < contents < text
    html, _ = embed("## Here", front="title: A page\ntoc: false")
    assert "contents" not in html.partition("<body>")[2].partition("<script")[0]


@pytest.mark.parametrize("script", sorted(path.name for path in THEME.glob("*.js")))
def test_the_scripts_of_the_theme_are_in_the_page(sample, script):
    assert (THEME / script).read_text().strip() in sample.html
    assert "<script" in sample.html.partition("</main>")[2]


def test_code_is_shown_where_it_is_asked_for(sample):
    shown = sample.html.count("import sample_results"), sample.typst.count("import sample_results")
    assert shown == (0, 0)
    assert "r.say(first)" in words(sample.html)
    assert "r.say(first)" in sample.typst


def test_a_callout_without_a_title_is_named_by_its_kind(embed):
    html, typst = embed("::: {.callout-caution}\nText.\n:::")
    assert re.search(r'<div class="callout-title">\s*Caution\s*</div>', html)
    assert '#boxed("caution", [Caution])[' in typst


def test_mathematics_footnotes_and_comments(embed):
    html, typst = embed("Of $\\alpha$.[^a] <!-- hidden -->\n\n[^a]: A note.")
    assert "<math" in html and "$alpha$" in typst
    assert "A note." in html and "#footnote[A note." in typst
    assert "hidden" not in typst


def test_a_picture_beside_the_document_is_embedded(write, tmp_path):
    path = write("![A drawing](drawing.svg){#fig-drawing}")
    path.with_name("drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">'
        '<rect width="9" height="9"/></svg>'
    )
    made = render(path, tmp_path / "site", renderer="embedded")
    html = made.html.read_text().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "<strong>Figure 1:</strong> A drawing" in html
    assert "drawing.svg" not in html
    assert made.pdf.stat().st_size > 1000


def assembled(write, body: str, *outputs, values=()):
    """Return the page of a document whose cells gave `outputs`."""
    document = parse(write(body))
    execution = Execution(
        {number: [output] for number, output in enumerate(outputs)}, dict(enumerate(values))
    )
    return page.assemble(skeleton.read(document), project.settings(document), execution)


def shows(**data: str) -> dict:
    mimes = {"markdown": "text/markdown", "html": "text/html", "svg": "image/svg+xml"}
    return {"output_type": "display_data", "data": {mimes.get(k, k): v for k, v in data.items()}}


CELL = "```{python}\n#| label: tbl-a\n#| tbl-cap: A\nr.f()\n```"


@pytest.mark.parametrize(
    ("body", "output", "message"),
    [
        (CELL, shows(svg="<svg/>"), "cell 'tbl-a' gives 0 tables; its label announces one"),
        (CELL, shows(markdown="| a |\n|---|\n| b |\n\n| a |\n|---|\n| b |"), "gives 2 tables"),
        (CELL.replace("tbl", "fig"), shows(markdown="text"), "cell 'fig-a' gives 0 figures"),
        (CELL, shows(html="<p>no</p>"), "gives HTML with 0 tables"),
        (
            CELL,
            {"output_type": "display_data", "data": {"image/png": "x"}},
            "gives image/png; known are",
        ),
        ("```{python}\nx\n```", shows(markdown="# Head"), "a heading or label 'head'"),
        ("```{python}\nx\n```", shows(markdown="see @fig-no"), "reference '@fig-no' to a label"),
        ("```{python}\nx\n```", shows(markdown="{{< y >}}"), "shortcode '{{<' is not understood"),
        ("```{python}\nx\n```", shows(markdown="<b>x</b>"), "raw html ('<b>')"),
        (
            "```{python}\nx\n```",
            shows(markdown="::: {.panel}\nx\n:::"),
            "unknown block class 'panel'",
        ),
    ],
)
def test_results_are_held_to_the_rules(write, body, output, message):
    with pytest.raises(InputError) as refused:
        assembled(write, body, output)
    assert re.match(r".*page\.qmd:5: ", str(refused.value))
    assert message in str(refused.value)


CELL_AND_VALUE = "```{python}\nx\n```\n\n`{python} r.f`"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("{{< y >}}", r"\{\{\< y \>\}\}"),
        ("{{< include /etc/passwd", r"\{\{\< include /etc/passwd"),
        (":::", r"\:\:\:"),
        ("{.callout-note}", r"\{\.callout\-note\}"),
        ("{#here", r"\{\#here"),
    ],
)
def test_a_mark_that_a_result_escapes_is_text(write, text, escaped):
    cell, value = shows(markdown=f"It says {escaped}"), Value(f"It says {escaped}", markdown=True)
    shown = assembled(write, CELL_AND_VALUE, cell, values=[value])
    assert [tree.text(block) for block in shown.blocks] == [f"It says {text}"] * 2
    beside = shows(markdown=f"{escaped} and {text}")
    with pytest.raises(InputError, match="is not understood"):
        assembled(write, "```{python}\nx\n```", beside)


def test_an_unclosed_fence_in_a_result_is_refused(write):
    with pytest.raises(InputError, match="results of its code: Pandoc says: Div at line 1"):
        assembled(write, "```{python}\nx\n```\n\nAfter.", shows(markdown="::: {.callout-note}\nx"))


def test_an_expression_must_be_one_paragraph(write):
    values = [Value("a\n\nb", markdown=True)]
    with pytest.raises(InputError, match=r"expression 'r\.f' gives more than one paragraph"):
        assembled(write, "Text `{python} r.f`.", values=values)


def test_warnings_show_unless_they_are_turned_off(write):
    stream = {"output_type": "stream", "name": "stderr", "text": "careful"}
    shown = assembled(write, "```{python}\nx\n```", stream)
    hidden = assembled(write, "```{python}\n#| warning: false\nx\n```", stream)
    assert [b["t"] for b in shown.blocks] == ["CodeBlock"]
    assert hidden.blocks == []


def test_hidden_outputs_are_hidden(write):
    output = shows(markdown="text")
    for option in ("output: false", "include: false"):
        assert assembled(write, f"```{{python}}\n#| {option}\nx\n```", output).blocks == []


def test_nothing_half_written_replaces_a_page(write, tmp_path, monkeypatch):
    site = tmp_path / "site"
    path = write("First.")
    made = render(path, site, renderer="embedded")
    before = made.html.read_bytes(), made.pdf.read_bytes()
    write("Second.")

    def full(*_) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(embedded.pdf, "write", full)
    with pytest.raises(OSError, match="no space left"):
        render(path, site, renderer="embedded")
    assert (made.html.read_bytes(), made.pdf.read_bytes()) == before
    assert sorted(p.name for p in site.iterdir()) == ["page.html", "page.pdf"]


def test_a_document_without_code_starts_no_kernel(write, tmp_path, monkeypatch):
    monkeypatch.setattr(rendered.kernel, "started", None)
    assert render(write("Text."), tmp_path / "site", renderer="embedded").html.is_file()


def test_pages_side_by_side_are_the_pages_of_each_alone(write, tmp_path):
    one = "#| label: tbl-a\n#| tbl-cap: A table\nr.coloured()"
    other = "#| label: fig-a\n#| fig-cap: A figure\nr.figure()"
    count = "Called `{python} r.count()` and `{python} r.count()`."
    paths = [
        write(f"{CODE}\n```{{python}}\n{cell}\n```\n\n{count}", name)
        for name, cell in (("one", one), ("other", other), ("plain", "r.say(1)"))
    ]
    made = render_all(paths, tmp_path / "together", renderer="embedded")
    assert {each.html.stem for each in made} == {"one", "other", "plain"}
    for path in paths:
        alone = render(path, tmp_path / "alone", renderer="embedded")
        assert "Called 1 and 2." in words(alone.html.read_text())
        for file in (alone.html, alone.pdf):
            assert (tmp_path / "together" / file.name).read_bytes() == file.read_bytes()


def test_one_of_several_that_fails_is_named_and_the_others_are_written(write, tmp_path):
    good, *bad = (
        write(f"{CODE}\nText `{{python}} r.{call}`.", name)
        for name, call in (("good", "count()"), ("bad", "fail()"), ("worse", "number()"))
    )
    with pytest.raises(InputError) as refused:
        list(render_all([*bad, good], tmp_path / "site", renderer="embedded"))
    assert sorted(line.split(":")[0] for line in str(refused.value).splitlines()) == sorted(
        map(str, bad)
    )
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == ["good.html", "good.pdf"]


def test_nothing_of_several_runs_where_one_has_problems(write, tmp_path, monkeypatch):
    monkeypatch.setattr(rendered.kernel, "started", None)
    paths = [write(CODE, "good"), write("@fig-nowhere", "bad"), write("@fig-there", "worse")]
    with pytest.raises(InputError, match=r"(?s)bad\.qmd:5.*worse\.qmd:5"):
        list(render_all(paths, tmp_path / "site", renderer="embedded"))


def test_importing_the_package_is_cheap():
    heavy = "{'IPython', 'pypandoc', 'typst', 'pandas', 'matplotlib', 'torch'}"
    program = f"import sys, uphold.rendering; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_quarto_that_is_not_there_is_said(write, tmp_path, monkeypatch):
    monkeypatch.setattr(rendered.quarto, "find", lambda: None)
    with pytest.raises(InputError, match=r"There is no Quarto 1\.7 or newer"):
        render(write("a"), tmp_path / "site", renderer="quarto")
    assert render(write("a"), tmp_path / "site").renderer == "embedded"


@pytest.mark.parametrize("name", ["page.typ", "fig-effects-0.svg"])
def test_a_full_disk_for_temporary_files_is_told_with_the_file(sample, name):
    with full_disk.told_of(name):
        embedded.write(sample.page, sample.settings, str(sample.path))
