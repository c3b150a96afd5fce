"""Pictures of claims: the runs behind a mark, and verdicts under other rules, by keyboard too."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.pages.verdicts import LOOKS
from uphold.runlog.read import read
from uphold.runlog.report import report

SPEC = """
title: A log
run: run
replicate: seed
factors: [mixup, ratio]
metrics:
  f1: {label: F1, better: higher, margin: 0.02}
primary: f1
claims:
  helps: {says: Mixup lifts F1, metric: f1, expect: increase, 
          contrast: {factor: mixup, from: false, to: true}}
  same: {says: The ratio does nothing, metric: f1, expect: no-effect,
         contrast: {factor: ratio, from: 0, to: 0.5}}
  enough: {says: F1 is at least .6, metric: f1, bound: {at_least: 0.6}}
"""
SEEDS = (9, 10, 11, 42, 123, 456)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    rng = np.random.default_rng(3)
    rows = [(m, r, s) for m in (False, True) for r in (0, 0.5) for s in SEEDS]
    table = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    table["f1"] = 0.62 + 0.02 * table["mixup"] + rng.normal(0, 0.012, len(table)).round(4)
    table["run"] = [f"r{i}" for i in range(len(table))]
    table.to_csv(folder / "runs.csv", index=False)
    (folder / "spec.yaml").write_text(SPEC, "utf-8")
    report(folder / "runs.csv", folder / "spec.yaml", folder / "out")
    return folder


@pytest.fixture
def page(files, opened):
    return opened(files / "out" / "report.html")


@pytest.fixture
def judged(files):
    """Return a function that judges the log again, with other margins and without a seed."""
    read_in = read(files / "runs.csv", files / "spec.yaml")
    spec, log = read_in.spec, read_in.log

    def again(times: float, without: int | None = None) -> dict[str, str]:
        table = log.scores.table
        table = table[table["seed"] != without].reset_index(drop=True)
        metric = log.metrics["f1"].model_copy(update={"margin": 0.02 * times})
        other = replace(log, scores=replace(log.scores, table=table), metrics={"f1": metric})
        return {key: j.verdict for key, j in judge({"runs": other}, spec.claims).items()}

    return again


def shown(verdict: str) -> str:
    return f"{LOOKS[verdict].mark} {LOOKS[verdict].word}"


def leads_to(links) -> list[str]:
    return links.evaluate_all(
        "all => all.map(a => a.getAttribute('href') ?? a.getAttribute('xlink:href'))"
    )


def test_the_verdicts_that_would_change_are_those_that_python_finds(page, judged):
    margin, left = page.locator(".what-if select").all()
    before, changed = judged(1), 0
    asked = [(0.5, "half as large"), (1, "as declared"), (2, "twice as large"), (3, "3 times")]
    for times, words in asked:
        (option,) = [text for text in margin.locator("option").all_inner_texts() if words in text]
        margin.select_option(label=option)
        for without in (None, *SEEDS):
            left.select_option(label=f"seed {without}" if without else "nothing")
            after = judged(times, without)
            expected = {
                f"#claim-{key}": f"{shown(before[key])} → {shown(after[key])}"
                for key in before
                if after[key] != before[key]
            }
            rows = page.locator(".what-if li")
            texts = [text.partition(": ")[2] for text in rows.all_inner_texts()]
            assert dict(zip(leads_to(rows.locator("a")), texts, strict=True)) == expected
            marked = leads_to(page.locator("svg a.would-change"))
            assert set(marked) == expected.keys()
            changed += len(expected)
    assert changed  # else all of this compared nothing


def test_it_says_that_it_is_a_what_if_and_leads_back(page):
    answer = page.locator(".what-if output")
    assert answer.inner_text() == "No change: as the page says."
    page.locator(".what-if select").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert answer.inner_text().startswith("What if: ")
    page.locator(".what-if button").focus()
    page.keyboard.press("Enter")
    assert answer.inner_text() == "No change: as the page says."
    assert page.locator(".asked").count() == 0


def test_the_band_grows_with_the_margin_and_not_beyond_the_axis(page):
    width = "() => document.querySelector('svg [id$=band]').getBoundingClientRect().width"
    narrow = page.evaluate(width)
    select = page.locator(".what-if select").first
    select.select_option(label="1.5 times as large")
    assert page.evaluate(width) == pytest.approx(1.5 * narrow, rel=0.02)
    select.select_option(label="3 times as large")
    carried = json.loads(page.locator("svg > metadata.data").first.text_content())
    assert page.evaluate(width) == pytest.approx(min(3, carried["reach"]) * narrow, rel=0.02)


def test_on_a_phone_a_claim_stands_below_the_other(page):
    picture, stack = (page.locator(f"figure {x}").first for x in ("svg", ".stacked-claims"))
    assert picture.is_visible() and stack.is_hidden()
    page.set_viewport_size({"width": 390, "height": 800})
    assert picture.is_hidden() and stack.is_visible()
    carried = json.loads(page.locator("svg > metadata.data").first.text_content())["claims"]
    links = stack.locator("a")
    assert leads_to(links) == [f"#claim-{key}" for key in carried]
    for text, claim in zip(links.all_inner_texts(), carried.values(), strict=True):
        assert text.split("\n") == [claim["says"], claim["found"]]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_cut_out_of_the_picture_is_a_claim_s_own_mark(page):
    page.set_viewport_size({"width": 390, "height": 800})
    found = page.evaluate("""() => [...document.querySelectorAll('.stacked-claims a')].map(row => {
        const mark = [...document.querySelectorAll('figure svg a')].filter(
            a => (a.href.baseVal ?? a.href) === row.getAttribute('href')).at(-1);
        const at = mark.querySelector('use');
        const [x, y, width, height] =
            row.querySelector('svg').getAttribute('viewBox').split(' ').map(Number);
        return [(at.getAttribute('x') - x) / width, (at.getAttribute('y') - y) / height];
    })""")
    assert all(0 < x < 1 and 0.4 < y < 0.6 for x, y in found) and len(found) == 3


def test_a_what_if_shows_on_a_phone_too(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".what-if select").first.select_option(label="3 times as large")
    changed = leads_to(page.locator(".what-if li a"))
    assert changed and leads_to(page.locator(".stacked-claims a.would-change")) == changed


def test_seeds_are_offered_in_their_order(page):
    offered = page.locator(".what-if select").nth(1).locator("option").all_inner_texts()
    assert offered == ["nothing", *(f"seed {seed}" for seed in SEEDS)]


def test_a_mark_that_is_reached_by_keyboard_shows_its_runs(page, files):
    tip = page.locator(".runs-of").first
    assert tip.is_hidden()
    page.keyboard.press("Tab")
    for _ in range(200):
        if page.evaluate("document.activeElement.closest('svg a') !== null"):
            break
        page.keyboard.press("Tab")
    assert tip.is_visible()
    table = pd.read_csv(files / "runs.csv")
    means = table.pivot_table("f1", "mixup", "seed")
    said = tip.inner_text()
    for on, name in ((False, "off"), (True, "on")):
        low, high = means.loc[on].min(), means.loc[on].max()
        assert f"mixup {name}: {low:.3f} to {high:.3f}" in said
    assert tip.locator("circle").count() == 2 * len(SEEDS)
    page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_a_mark_that_the_keyboard_brings_into_sight_shows_its_runs_beside_it(page):
    page.set_viewport_size({"width": 1280, "height": 300})
    page.locator("svg a").first.focus()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.keyboard.press("Tab")
    page.wait_for_function("scrollY > 0 && document.activeElement.closest('svg a')")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    tip = page.locator(".runs-of").first
    assert tip.is_visible()
    box, mark = tip.bounding_box(), page.locator("svg a:focus").bounding_box()
    below = box["y"] - (mark["y"] + mark["height"])
    above = mark["y"] - (box["y"] + box["height"])
    assert max(below, above) == pytest.approx(6, abs=1)


def test_a_figure_as_quarto_writes_it_gives_the_runs_their_name(files, opened):
    """The label stands around the figure there, so that runs of two pictures keep two names."""
    page = (files / "out" / "report.html").read_text("utf-8")
    figure = re.search(
        r'<figure id="(fig-[^"]*)">(?:(?!</figure>).)*<svg.*?</figure>', page, re.DOTALL
    )
    there = figure[0].replace(f'<figure id="{figure[1]}">', f'<div id="{figure[1]}"><figure>')
    html = files / "quarto.html"
    html.write_text(page.replace(figure[0], there + "</div>"), "utf-8")
    shown = opened(html)
    assert shown.locator(".runs-of").first.get_attribute("id") == f"{figure[1]}-runs"
    shown.locator("svg a").first.hover()
    assert shown.locator(".runs-of").first.is_visible()
    assert shown.locator(".what-if").count() == 1


def test_pointing_at_a_mark_shows_its_runs_and_leaving_it_hides_them(page):
    tip = page.locator(".runs-of").first
    page.locator("svg a").first.hover()
    assert tip.is_visible()
    page.mouse.move(2, 2)
    assert tip.is_hidden()


def test_paper_has_none_of_it(page):
    page.emulate_media(media="print")
    assert page.locator(".what-if").first.is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_runs_are_shown_and_verdicts_asked(page, opened, files, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(files / "out" / "report.html", 390, color_scheme=scheme)
    page.locator(".what-if select").first.select_option(label="3 times as large")
    page.locator("svg a").first.focus()
    found = axe.Axe().run(page, context=".what-if").response["violations"]
    assert [each["id"] for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
