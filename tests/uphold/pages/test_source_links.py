"""Links into the code; whether they lead somewhere is held by `pages.code_places`."""

from uphold.pages.source_links import linked
from uphold.rendering.vocabulary import CODE


def test_a_link_opens_no_code():
    shown = linked("no/such.py", "thing").replace("\u200b", "")
    assert shown == f"[src/no/such.py: thing]({CODE}no/such.py)"
