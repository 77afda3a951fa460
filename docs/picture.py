"""Take the picture of a report that README shows: ``python -m docs.picture ARCHIVE``; it needs Debian's chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "report.png"
WIDTH = 1280
NARROWED = ("--section", "policy-news", "--label", "money")


def take(archive: str) -> None:
    """Report the policy news in which an amount changed, and take the page down to the end of its first change."""
    with TemporaryDirectory() as directory, sync_playwright() as playwright:
        page_file = Path(directory) / "report.html"
        words = ["report", "--archive", archive, *NARROWED, "-q", "-o", str(page_file)]
        subprocess.run([sys.executable, "-m", "cli", *words], check=True)  # noqa: S603 - our own command
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, java_script_enabled=False)
        page.goto(page_file.as_uri())
        first = page.locator("article.change:has(.facts)").first.bounding_box()
        if first is None:
            raise SystemExit(f"The archive {archive} has no policy news in which a value changed.")
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": first["y"] + first["height"]}
        page.screenshot(path=PICTURE, full_page=True, clip=clip)
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1])
