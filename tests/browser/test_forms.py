"""What a form would send, as it is shown to a person before it is sent."""

from __future__ import annotations

import msgspec
import pytest

from browser.conditions import ReadBack
from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from browser.page import Page
from tests.browser.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

LETTER = """
<input aria-label="Search" value="elsewhere">
<form>
  <label>To <input name="to" value="carl@leveret.example"></label>
  <label>Subject <input name="subject" value="Re:  Lunch"></label>
  <label>Copy <input name="copy"></label>
  <label>Message <textarea name="body">I come.</textarea></label>
  <input type="hidden" name="token" value="abc">
  <label style="position: absolute; left: -9999px">Leave empty <input name="trap" value="bee"></label>
  <label>Password <input type="password" value="violet"></label>
  <label>Password shown <input value="violet"></label>
  <label>Card number <input value="4111 1111 1111 1111" autocomplete="cc-number"></label>
  <label>Old address <input value="Elm Street 5" disabled></label>
  <label><input type="checkbox" checked> Read receipt</label>
  <label><input type="checkbox"> Urgent</label>
  <fieldset><legend>When</legend>
    <label><input type="radio" name="when" checked> Now</label><label><input type="radio" name="when"> Later</label>
  </fieldset>
  <label>Sent from <select name="from"><option>Home</option><option selected>Work</option></select></label>
  <div contenteditable role="textbox" aria-label="Signature">Ada <b>Example</b></div>
  <input name="elements" type="hidden"><input name="matches" type="hidden">
  <button>Send</button>
</form>
<label>Greeting <input form="other" value="Hi"></label>
<form id="other"></form><button form="other" aria-label="Other">Other</button>
<button>Loose</button>
"""


async def sent_by(page: Page, button: str, deadline: Deadline) -> list[list[str]]:
    at = await page.find((Locator(kind=LocatorKind.ROLE, value="button", name=button, exact=True),), deadline=deadline)
    again = await page.verify(at, at.seen, read=(ReadBack(form=True),), at_least=0.9, deadline=deadline)
    found: list[list[str]] = msgspec.json.decode(again.texts[0] or "")
    return found


async def test_every_field_that_is_sent_and_seen_is_told_by_its_label_and_no_secret_is(
    show: Show, deadline: Deadline
) -> None:
    assert await sent_by(await show(LETTER), "Send", deadline) == [
        ["To", "carl@leveret.example"],
        ["Subject", "Re: Lunch"],
        ["Message", "I come."],
        ["Read receipt", "yes"],
        ["When", "Now"],
        ["Sent from", "Work"],
        ["Signature", "Ada Example"],
    ]


async def test_a_button_belongs_to_the_form_that_it_names_and_one_outside_of_any_sends_nothing(
    show: Show, deadline: Deadline
) -> None:
    page = await show(LETTER)
    assert await sent_by(page, "Other", deadline) == [["Greeting", "Hi"]]
    assert await sent_by(page, "Loose", deadline) == []


async def test_a_dialog_with_fields_in_a_shadow_root_is_a_form_too(show: Show, deadline: Deadline) -> None:
    page = await show(
        """<div role="dialog" aria-label="Pay"><x-amount></x-amount><button>Pay</button></div>
        <script>customElements.define("x-amount", class extends HTMLElement { connectedCallback() {
          this.attachShadow({mode: "open"}).innerHTML = '<label>Amount <input value="20.00"></label>'; } });</script>"""
    )
    assert await sent_by(page, "Pay", deadline) == [["Amount", "20.00"]]
