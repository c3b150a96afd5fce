"""The line of a claim unfolds what the runs say of it, wherever the line goes."""

import pytest

from .documents.claims_results import KEYS, UNSAID
from .test_any_page import BEYOND, RULES

sync_api = pytest.importorskip("playwright.sync_api")


@pytest.fixture
def page(opened, made):
    return opened(made / "claims.html")


def button(page, key):
    return page.locator(f"td:has(> #claim-{key}) > button")


def below(page, key):
    """Return what stands in the row below a claim's line."""
    row = page.locator(f"tr:has(> td > #claim-{key}) + tr")
    return row.inner_text() if row.count() and row.is_visible() else ""


def unfolded(page):
    """Return the ids of the rows that are unfolded, in their order."""
    return page.locator("tr.unfolded").evaluate_all("rows => rows.map(row => row.id)")


def test_a_line_unfolds_and_folds_by_the_keyboard(page):
    head = button(page, "alpha")
    assert unfolded(page) == []
    assert head.get_attribute("aria-expanded") == "false"
    head.focus()
    assert head.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-expanded") == "true"
    assert unfolded(page) == [head.get_attribute("aria-controls")]
    assert below(page, "alpha").startswith("Of alpha the runs say this.")
    page.keyboard.press("Space")
    assert unfolded(page) == []
    assert head.get_attribute("aria-expanded") == "false"


def test_its_name_says_what_it_unfolds(page):
    name = "What the runs say: The arm alpha gains more than any arm that is as large."
    assert page.get_by_role("button", name=name, exact=True).count() == 1


def test_words_unfold_it_too_unless_they_are_being_marked(page):
    words = page.locator("#claim-bravo")
    words.click()
    assert len(unfolded(page)) == 1
    words.click(click_count=2)  # marks a word, and each of both clicks is one
    assert page.evaluate("getSelection().toString().trim()")
    assert len(unfolded(page)) == 0


def test_what_nothing_is_said_of_has_no_button(page):
    assert page.locator("button.unfold").count() == len(KEYS) + 3 - 1
    assert button(page, UNSAID).count() == 0


def test_lines_in_groups_unfold(page):
    button(page, "quebec").click()
    assert below(page, "quebec").startswith("Of quebec")


@pytest.mark.parametrize("key", ["charlie", "romeo"])
def test_a_link_of_the_picture_unfolds_a_line_each_time(page, key):
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    link = page.locator(f"svg a[href='#claim-{key}']")
    for _ in range(2):  # the second time the address stays what it is
        link.click()  # in its middle, where no letter is
        sync_api.expect(page.locator(f"#unfolded-claim-{key}")).to_be_in_viewport()
        assert below(page, key).startswith(f"Of {key}")
        button(page, key).click()
        assert unfolded(page) == []


def test_a_link_leads_to_a_line_that_a_filter_hides(page):
    field = page.locator("#tbl-claims input")
    field.fill("golf")
    page.locator("svg a[href='#claim-lima']").click()
    sync_api.expect(page.locator("#unfolded-claim-lima")).to_be_in_viewport()
    assert field.input_value() == ""
    assert page.locator("#tbl-claims output").inner_text() == "14 rows"


def test_what_is_unfolded_goes_along_with_its_line(page):
    for key in ("golf", "alpha"):
        button(page, key).click()
    assert unfolded(page) == ["unfolded-claim-golf", "unfolded-claim-alpha"]
    head = page.locator("#tbl-claims button.sort").first
    orders = [["alpha", "golf"], ["golf", "alpha"], ["golf", "alpha"]]  # up, down, as it was
    for order in orders:
        head.click()
        assert unfolded(page) == [f"unfolded-claim-{key}" for key in order]
        for key in order:
            assert below(page, key).startswith(f"Of {key}")


def test_what_is_unfolded_is_hidden_with_its_line(page):
    button(page, "golf").click()
    field = page.locator("#tbl-claims input")
    field.fill("alpha")
    assert page.locator("#tbl-claims tbody tr:visible").count() == 1
    field.fill("")
    assert page.locator("#tbl-claims tbody tr:visible").count() == len(KEYS) + 1
    assert below(page, "golf").startswith("Of golf")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wrong_with_what_is_unfolded(opened, made, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(made / "claims.html", width, color_scheme=scheme)
    for key in KEYS[:3]:
        button(page, key).click()
    assert page.evaluate(BEYOND) == []
    for row in page.locator("tr.unfolded div").all():  # to be read without moving the table
        box = row.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.wait_for_timeout(100)  # until observers of sizes have been told
    found = axe.Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def test_paper_shows_neither_buttons_nor_anything_twice(page):
    button(page, "alpha").click()
    page.locator("#tbl-claims input").fill("golf")
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == page.locator("button.sort:visible").count()
    assert page.locator("tr.unfolded:visible").count() == 0
    assert page.locator("#says-alpha").is_visible()


def test_on_a_phone_claims_are_stacked_and_their_cells_labelled(opened, made):
    page = opened(made / "claims.html", 390)
    table = page.locator(f"table:has(#claim-{KEYS[0]})")
    assert table.evaluate("e => e.parentElement.scrollWidth - e.parentElement.clientWidth") <= 1
    heads = table.locator("thead th").evaluate_all("all => all.map(e => e.textContent.trim())")
    row = table.locator(f"tr:has(#claim-{KEYS[0]})")
    labels = row.locator("td").evaluate_all("all => all.map(e => e.dataset.label ?? null)")
    assert labels == [f"{head}:" if k > 2 else None for k, head in enumerate(heads)]
    shown = table.locator("thead").evaluate("e => getComputedStyle(e).display")
    assert shown == "none"
    wide = opened(made / "claims.html").locator(f"table:has(#claim-{KEYS[0]}) thead")
    assert wide.evaluate("e => getComputedStyle(e).display") != "none"
