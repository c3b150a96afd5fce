"""``uphold pages``: where the pages are."""

from uphold.cli import ROOT, say


def pages() -> None:
    """Name the pages, and which of them are not rendered yet."""
    from uphold.cli.make import page_stages
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths

    places = page_stages(load(ROOT))
    for name in ("index", *(page for page in places if page != "index")):
        for ending in ("html", "pdf"):
            page = Paths(ROOT).site / f"{name}.{ending}"
            say(f"{page}" if page.is_file() else f"{page} (not rendered yet)")
