"""``uphold pages``: where the pages are."""

from uphold.cli import ROOT, say


def pages() -> None:
    """Name the rendered write-ups."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths

    names = load(ROOT).names
    calibration = ["calibration"] * (names.calibration is not None)
    for name in ("index", *names.writeups, *calibration):
        for ending in ("html", "pdf"):
            page = Paths(ROOT).site / f"{name}.{ending}"
            say(f"{page}" if page.is_file() else f"{page} (not rendered yet)")
