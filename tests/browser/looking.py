"""What every page is asked, whoever reads it: nothing for axe to find, nothing cut, nothing that runs over the edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# What may differ between the light and the dark page; the rest of it is the same document.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDE, NARROW, MIDDLE = 1280, 320, 640
HEIGHT = 900

FACTS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return {
    title: document.title.trim(),
    headings: [...document.querySelectorAll("h1")].filter((node) => node.checkVisibility()).length,
    twice: [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))],
  };
}"""

# The elements that stand beyond the edge of the page and are not held by something that scrolls.
OVER = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return null;
  const held = (node) => {
    for (let box = node.parentElement; box && box !== document.body; box = box.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(box).overflowX)) return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width && (box.right > page.clientWidth + 1 || box.left < -1) && !held(node);
  });
  const names = out.slice(0, 4).map((node) => node.outerHTML.slice(0, 90).replace(/\\s+/g, " "));
  return `${page.scrollWidth} px wide: ${names.join(" | ")}`;
}"""


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open, as sentences that begin with `name`."""
    return [f"{name}: {fault}" for fault in _faults(page)]


def _faults(page: Page) -> Iterator[str]:
    facts = page.evaluate(FACTS)
    if not facts["title"]:
        yield "it has no title"
    if facts["headings"] != 1:
        yield f"it has {facts['headings']} first headings"
    if facts["twice"]:
        yield f"these ids stand twice: {facts['twice']}"
    yield from axe_faults(page, {"runOnly": {"type": "tag", "values": TAGS}})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colours change at once
    for fault in axe_faults(page, {"runOnly": {"type": "rule", "values": COLOURS}}):
        yield f"in the dark: {fault}"
    page.emulate_media(color_scheme="light")
    yield from _overflows(page)


# Axe stays in the page that it was put into, and what it found and nobody reads stays in the browser.
RUN_AXE = """async (options) => {
  const found = await axe.run(options);
  return found.violations.map((rule) => ({
    id: rule.id, count: rule.nodes.length, nodes: rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)),
  }));
}"""


def axe_faults(page: Page, options: dict[str, Any]) -> Iterator[str]:
    """What axe finds, each rule with the first elements that break it.

    Without `preload`, for which axe would put style sheets into the page that its policy forbids.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for rule in page.evaluate(RUN_AXE, {"resultTypes": ["violations"], "preload": False, **options}):
        yield f"{rule['id']} ({rule['count']}): {rule['nodes']}"


def _overflows(page: Page) -> Iterator[str]:
    """Sideways scrolling: wide and narrow, read from the right, and with letters twice as large."""
    # width, direction of reading, size of the letters
    for width, direction, letters in (
        (WIDE, "ltr", ""),
        (WIDE, "rtl", ""),
        (MIDDLE, "ltr", "200%"),
        (NARROW, "ltr", ""),
        (NARROW, "rtl", ""),
    ):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.evaluate(
            "([direction, letters]) => { const page = document.documentElement;"
            " page.dir = direction; page.style.fontSize = letters; }",
            [direction, letters],
        )
        if over := page.evaluate(OVER):
            yield f"at {width} px {direction} {letters}: {over}"
    page.evaluate("() => { document.documentElement.dir = 'ltr'; document.documentElement.style.fontSize = ''; }")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
