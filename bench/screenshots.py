"""The pictures of a page in the README: its first screen on a desktop, in the dark, on a phone.

    python bench/screenshots.py calls-stage4

(``make screenshots``) takes them of a rendered page with Chromium (the extra ``test`` has what
drives it) and writes them to ``docs``. They are made by hand when the pages change their look, and
committed.
"""

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).parents[1]
SCREENS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "desktop": ({"width": 1280, "height": 1000}, "light"),
    "dark": ({"width": 1280, "height": 1000}, "dark"),
    "phone": ({"width": 390, "height": 844}, "light"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(name: str) -> None:
    """Take the pictures of one page."""
    page = ROOT / "reports" / "_site" / f"{name}.html"
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not page.is_file() or browser is None:
        sys.exit(f"This takes {page}, made by uphold render {name}, and Chromium.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for screen, (size, scheme) in SCREENS.items():
            shown = chromium.new_page(viewport=size, color_scheme=scheme)
            shown.goto(page.as_uri())
            path = ROOT / "docs" / f"page-{screen}.png"
            shown.screenshot(path=path)
            print(path.relative_to(ROOT))
        chromium.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
