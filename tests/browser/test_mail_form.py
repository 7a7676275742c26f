"""What a mail looks like: rendered as a mail program renders it, light and dark, narrow, and read from the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from icoca_portal.outbox import operations
from icoca_portal.outbox.emails import html_of
from icoca_portal.outbox.models import Message
from icoca_portal.outbox.operations import Letter
from tests.browser.looking import COLOURS, OVER, TAGS, axe_faults, look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARABIC = "يُرجى تأكيد حضور وفدكم في الاجتماع التاسع."
LONG = "https://portal.example/" + "a-very-long-address-" * 12
#: One of each element, two directions, and what cannot be broken at a space.
RICH = (
    f"<p>Dear colleagues, see <strong>this</strong>:</p><h3>Asked</h3><ul><li>Membership</li><li>{ARABIC}</li></ul>"
    f'<ol><li>One</li></ol><blockquote><p>One participant asked.</p></blockquote><p><a href="{LONG}">{LONG}</a></p>'
    f'<p>{ARABIC}</p><p>{"9f86d081" * 16}</p><p><img src="https://spy.example/pixel.gif">End.</p>'
)
PLAIN = f"Madame, Monsieur,\n\nla réunion du groupe est convoquée : {LONG}.\nLieu : Genève\n\nLe secrétariat"

COLOURS_OF = """(selector) => {
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const paper = getComputedStyle(document.querySelector(".wg-paper")).backgroundColor;
  const ink = getComputedStyle(document.querySelector(selector)).color;
  const [dark, bright] = [light(paper), light(ink)].sort((a, b) => a - b);
  return { paper, ink, contrast: (bright + 0.05) / (dark + 0.05) };
}"""
# Where the words of a paragraph begin and end, and where it could have put them.
SIDES = """(node) => {
  const words = document.createRange();
  words.selectNodeContents(node);
  const [box, inner] = [node.getBoundingClientRect(), words.getBoundingClientRect()];
  return { direction: getComputedStyle(node).direction, left: inner.left - box.left, right: box.right - inner.right };
}"""


def row_of(**changes: str) -> Message:
    """A message that is not stored."""
    values = {"key": "k", "to": "delegate@sample.example", "name": "", "subject": "Questionnaire opened", "text": ""}
    letter = Letter(**{**values, **changes})  # type: ignore[arg-type]
    return Message(key=letter.key, **letter.fields(timezone.now()))


MAILS = {
    "rich": row_of(html=RICH, language="en", unsubscribe="https://portal.example/notices/end/abc/"),
    "plain": row_of(subject="Convocation", text=PLAIN, language="fr"),
    "arabic": row_of(subject="دعوة إلى الاجتماع", language="ar", html=f"<p>{ARABIC}</p><ul><li>جدول الأعمال</li></ul>"),
}


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_reads_well_light_dark_and_narrow(browser: Browser, tmp_path, name):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html_of(MAILS[name]))
    faults = [*axe_faults(page, {"runOnly": {"type": "tag", "values": TAGS}})]
    seen = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults += [f"{scheme}: {fault}" for fault in axe_faults(page, {"runOnly": {"type": "rule", "values": COLOURS}})]
        for width in (1280, 360, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if over := page.evaluate(OVER):
                faults.append(f"{width} px: {over}")
            page.screenshot(path=tmp_path / f"{name}-{scheme}-{width}.png", full_page=True)
        seen[scheme] = [page.evaluate(COLOURS_OF, part) for part in (".wg-text", ".wg-title", ".wg-foot", ".wg-foot a")]
    context.close()
    assert not faults, "\n".join(faults)
    assert asked == [], "a mail asked for something"
    for light, dark in zip(seen["light"], seen["dark"], strict=True):
        assert light["paper"] != dark["paper"]
        assert light["ink"] != dark["ink"]
        assert min(light["contrast"], dark["contrast"]) >= 4.5


def test_each_paragraph_reads_from_its_own_side(browser: Browser):
    context = browser.new_context(viewport={"width": 900, "height": 900})
    page = context.new_page()
    page.set_content(html_of(MAILS["rich"]))
    for words, kind in ((ARABIC, "p"), (ARABIC, "li")):
        sides = page.locator(f".wg-text {kind}", has_text=words).first.evaluate(SIDES)
        assert sides["direction"] == "rtl"
        assert sides["right"] < 2 < sides["left"]
    sides = page.locator(".wg-text p", has_text="Dear colleagues").evaluate(SIDES)
    assert sides["direction"] == "ltr"
    assert sides["left"] < 2 < sides["right"]
    page.set_content(html_of(MAILS["arabic"]))
    assert page.locator("h1").evaluate(SIDES)["direction"] == "rtl"
    context.close()


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_message_show_it_in_a_frame(person, settings):
    settings.SAMPLE_SITE = True
    row = operations.queue_message(
        key="k", to="delegate@sample.example", name="Delegate", subject="Sample circular", text="", html=RICH
    )
    for who, address in (
        ("visitor", f"/outbox/{row.pk}/"),
        ("secretariat", f"/admin/outbox/message/{row.pk}/change/"),
    ):
        page: Page = person(who)
        page.goto(address)
        frame = page.frame_locator("iframe.wg-mail-frame")
        expect(frame.get_by_role("heading", name="Sample circular")).to_be_visible()
        faults = look(page, address)
        assert not faults, "\n".join(faults)
