"""Long tables are sorted and filtered, by the keyboard alone."""

import pytest

from uphold.palette import THEME


@pytest.fixture
def page(opened, made):
    return opened(made / "long.html")


@pytest.fixture
def column(page):
    """Return what stands in a column of the long table, of the rows in sight."""

    def column(number: int) -> list[str]:
        cells = page.locator(f"#tbl-long tbody tr:not([hidden]) td:nth-child({number + 1})")
        return cells.all_inner_texts()

    return column


def test_only_long_tables_are_sorted_and_only_longer_ones_filtered(page):
    assert page.locator("#tbl-long button.sort").count() == 6
    assert page.locator("#tbl-long input").count() == 1
    assert page.locator(".table-tools").count() == 1
    assert page.locator("#tbl-middling button.sort").count() == 6
    assert page.locator("#tbl-short button, #tbl-wide button").count() == 0


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (0, ["alpha", "bravo"], ["golf", "hotel"]),
        (1, ["0.65 ± 0.01", "0.66 ± 0.01"], ["0.784 ± 0.010", "0.8 ± 0.1"]),
        (2, ["< .001", ".001"], [".2", ".5"]),
        (3, ["−0.110 (−0.200 to −0.020)"], ["+1.500 (1.000 to 2.000)"]),
        (4, ["7", "90", "350"], ["10,000", "11,000", "–"]),
        (5, ["3 %", "4.5 %", "9 %"], ["53 %", "100 %"]),
    ],
)
def test_a_head_sorts_up_then_down_then_back(page, column, number, first, last):
    before = column(number)
    head = page.locator("#tbl-long th").nth(number)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    up = column(number)
    assert head.get_attribute("aria-sort") == "ascending"
    assert (up[: len(first)], up[-len(last) :]) == (first, last)
    page.keyboard.press("Space")
    down = column(number)
    assert head.get_attribute("aria-sort") == "descending"
    valued = [text for text in down if text != "–"]
    assert valued == [text for text in reversed(up) if text != "–"]
    assert down[len(valued) :] == ["–"] * (len(down) - len(valued))  # none is last both ways
    page.keyboard.press("Enter")
    assert column(number) == before
    assert head.get_attribute("aria-sort") is None


def test_one_head_at_a_time_says_that_it_sorts(page, column):
    for number in (0, 3):
        page.locator("#tbl-long th button").nth(number).focus()
        page.keyboard.press("Enter")
    assert page.locator("[aria-sort]").count() == 1
    assert page.locator("#tbl-long th").nth(3).get_attribute("aria-sort") == "ascending"


def test_digits_in_texts_are_sorted_by_value(page, column):
    page.locator("#tbl-long th button").nth(0).focus()
    page.keyboard.press("Enter")
    assert column(0)[4:6] == ["echo 9", "echo 10"]


def test_a_field_filters_and_counts(page, column):
    count = page.locator("#tbl-long output")
    assert count.inner_text() == "13 rows"
    page.locator("#tbl-long input").focus()
    page.keyboard.type("echo 0.65")
    assert column(0) == ["echo 9"]
    assert count.inner_text() == "1 of 13 rows"
    page.locator("#tbl-long input").fill("-0.110")  # typed with the hyphen that keyboards have
    assert column(0) == ["bravo"]
    page.locator("#tbl-long input").fill("")
    assert (len(column(0)), count.inner_text()) == (13, "13 rows")


def test_a_sorted_table_stays_filtered(page, column):
    page.locator("#tbl-long input").fill("echo")
    page.locator("#tbl-long th button").nth(1).focus()
    page.keyboard.press("Enter")
    assert column(0) == ["echo 9", "echo 10"]


def test_paper_has_the_rows_that_a_filter_hides(page):
    rows = page.locator("#tbl-long tbody tr:visible")
    page.locator("#tbl-long input").fill("echo")
    assert rows.count() == 2
    page.emulate_media(media="print")
    assert rows.count() == 13
    assert not page.locator(".table-tools").is_visible()
    page.emulate_media(media="screen")
    assert rows.count() == 2


def test_tables_with_groups_are_left_alone(opened, tmp_path):
    rows = "".join(f"<tr><td>x</td><td>{number}</td></tr>" for number in range(12))
    script = (THEME / "tables.js").read_text("utf-8")
    for spanned in (
        '<tr><td colspan="2">group</td></tr>',
        '<tr><td rowspan="2">group</td><td>x</td></tr>',
        "<tr><td>one cell</td></tr>",
    ):
        path = tmp_path / "page.html"
        path.write_text(
            f"<main><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>{spanned}{rows}"
            f"</tbody></table></main><script>{script}</script>"
        )
        assert opened(path).locator("button").count() == 0


def test_what_scrolls_by_itself_is_reached_by_keys(opened, made):
    page = opened(made / "long.html", 390)
    page.wait_for_function("document.querySelector('#tbl-wide .table-box').tabIndex === 0")
    page.locator("#tbl-wide .table-box").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#tbl-wide .table-box').scrollLeft > 0")


# Where the number in each cell of a column has its point, or ends if it has none.
POINTS = """(cells) => cells.map((cell) => {
  const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
  const place = document.createRange();
  place.setStart(text, 0);
  place.setEnd(text, text.data.match(/\\d+/).index + text.data.match(/\\d+/)[0].length);
  return place.getBoundingClientRect().right;
})"""


@pytest.mark.parametrize("column", [2, 3])
def test_points_stand_below_each_other(page, column):
    places = page.locator(f"#tbl-points td:nth-child({column})").evaluate_all(POINTS)
    assert len(places) == 9
    assert max(places) - min(places) < 1  # a blank and a digit of a font may differ a little


def test_a_head_that_sorts_ends_where_its_numbers_do(page):
    right = "(e) => { const r = document.createRange(); r.selectNodeContents(e);"
    right += " return r.getBoundingClientRect().right; }"
    head = page.locator("#tbl-points th").nth(1).locator("button")
    before = head.evaluate(right)
    assert abs(before - page.locator("#tbl-points td").nth(1).evaluate(right)) < 1
    head.click()
    assert head.evaluate("e => getComputedStyle(e, '::after').content").startswith('"▲"')
    assert head.evaluate(right) == before


def test_scripts_weigh_little():
    assert sum(path.stat().st_size for path in THEME.glob("*.js")) <= 60_000


def test_a_table_that_is_too_wide_breaks_before_its_intervals(opened, made):
    page = opened(made / "long.html", 600)
    box = page.locator("#tbl-short .table-box")
    assert "tight" in box.get_attribute("class").split()
    cell = box.locator("td", has_text="+0.020").first
    assert cell.text_content() == "+0.020 (0.008\u00a0to\u00a00.032)"
    assert cell.evaluate("e => getComputedStyle(e).whiteSpace") == "normal"
    wide = opened(made / "long.html", 1280).locator("#tbl-short .table-box")
    assert "tight" not in (wide.get_attribute("class") or "").split()
