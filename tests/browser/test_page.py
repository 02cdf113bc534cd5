"""Finding, verifying and acting on real pages."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path

import msgspec
import pytest

from browser.conditions import Condition, ReadBack
from browser.context import TaskContext
from browser.deadline import Deadline
from browser.dialogs import DialogSeen
from browser.errors import (
    ActionRefused,
    ActionTimeout,
    ConditionTimeout,
    ElementAmbiguous,
    ElementChanged,
    ElementMissing,
    NavigationFailed,
    NavigationRefused,
    PageGone,
)
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from tests.browser.conftest import Show, Site, soon

pytestmark = pytest.mark.asyncio(loop_scope="session")


def css(value: str, **more: object) -> Locator:
    return msgspec.structs.replace(Locator(kind=LocatorKind.CSS, value=value), **more)


def role(value: str, name: str = "", *, exact: bool = False) -> Locator:
    return Locator(kind=LocatorKind.ROLE, value=value, name=name, exact=exact)


def label(value: str) -> Locator:
    return Locator(kind=LocatorKind.LABEL, value=value)


FORM = """
<h1>Pizza</h1>
<form action="/thanks" onsubmit="return true">
  <p><label for="a">Delivery address</label> <input id="a" name="address"></p>
  <p><label>Size <select name="size"><option value="s">Small</option><option value="l">Large</option></select></label>
  <p><label><input type="checkbox" name="extra"> Extra cheese</label></p>
  <p>Total <b class="total">14.50</b> to <i class="street">Elm Street 5</i></p>
  <button>Order</button> <a href="/help">Order help</a>
</form>
"""


async def test_a_form_is_filled_and_sent_as_a_person_would(show: Show, site: Site, deadline: Deadline) -> None:
    site.pages["/thanks"] = "<p>Thank you</p>"
    page = await show(FORM)
    await page.fill(await page.find([label("Delivery address")], deadline=deadline), "Elm Street 5", deadline=deadline)
    await page.select(await page.find([label("Size")], deadline=deadline), "Large", deadline=deadline)
    await page.check(await page.find([role("checkbox", "Extra cheese")], deadline=deadline), deadline=deadline)
    assert await page.read_value([css("#a")], deadline=deadline) == "Elm Street 5"
    assert await page.read_value([label("Size")], deadline=deadline) == "Large"
    await page.click(await page.find([role("button", "Order")], deadline=deadline), deadline=deadline)
    await page.wait_for(Condition(url="*/thanks?*", text="thank you"), deadline=deadline)
    assert "address=Elm+Street+5&size=l&extra=on" in site.requests[-1]


async def test_a_click_that_need_not_follow_counts_while_the_site_still_thinks(
    show: Show, site: Site, deadline: Deadline
) -> None:
    site.pages["/thanks"] = "<p>Thank you</p>"
    thought = site.held["/thanks"] = asyncio.Event()
    page = await show(FORM)
    await page.click(await page.find([role("button", "Order")], deadline=deadline), follow=False, deadline=deadline)
    assert page.url == site.url("/")
    thought.set()
    await page.wait_for(Condition(url="*/thanks?*", text="thank you"), deadline=deadline)


async def test_a_glance_waits_for_nothing(show: Show, deadline: Deadline) -> None:
    page = await show(FORM)
    order = (await page.find([role("button", "Order")], deadline=deadline)).seen
    seen = await page.glance([css("#gone"), role("button", "Order")], order, deadline=deadline)
    assert seen is not None and (seen.unique, seen.similarity) == (True, 1.0)
    assert await page.glance([css("#gone")], order, deadline=deadline) is None
    framed = msgspec.structs.replace(order, frame=("name=gone",))
    assert await page.glance([role("button", "Order")], framed, deadline=deadline) is None


async def test_the_first_locator_that_finds_one_element_wins_and_others_are_fallbacks(
    show: Show, deadline: Deadline
) -> None:
    page = await show(FORM)
    found = await page.find([css("#gone"), css("not a [selector"), role("button", "Order")], deadline=deadline)
    assert (found.seen.tag, found.locator, found.unique) == ("button", 2, True)


async def test_an_ambiguous_locator_is_said_and_is_not_good_enough_for_a_taught_step(
    show: Show, deadline: Deadline
) -> None:
    page = await show("<button>Add</button><button>Add</button>")
    found = await page.find([role("button", "Add")], deadline=deadline)
    assert found.matches == 2 and not found.unique
    with pytest.raises(ElementAmbiguous):
        await page.find([role("button", "Add")], found.seen, at_least=0.8, deadline=soon())


async def test_a_locator_that_finds_another_thing_now_is_not_taken(show: Show, deadline: Deadline) -> None:
    page = await show("<button id=next type=submit>Preview order</button>")
    taught = (await page.find([css("#next")], deadline=deadline)).seen
    page = await show("<button id=next type=submit>Confirm purchase</button>")
    with pytest.raises(ElementChanged):
        await page.find([css("#next")], taught, at_least=0.75, deadline=soon())


async def test_another_locator_is_taken_when_the_first_finds_the_wrong_element(show: Show, deadline: Deadline) -> None:
    page = await show("<button id=b1>Order</button><button id=b2>Delete all</button>")
    taught = (await page.find([css("#b1")], deadline=deadline)).seen
    page = await show("<button id=b2>Order</button><button id=b1>Delete all</button>")
    found = await page.find([css("#b1"), role("button", "Order")], taught, at_least=0.75, deadline=deadline)
    assert found.seen.name == "Order"


async def test_an_element_that_comes_late_is_waited_for(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<div id=x></div><script>setTimeout(() => { x.innerHTML = '<button>Late</button>' }, 150)</script>"
    )
    assert (await page.find([role("button", "Late")], deadline=deadline)).unique


async def test_an_element_that_never_comes_is_missing_at_the_deadline(show: Show) -> None:
    page = await show("<p>empty</p>")
    with pytest.raises(ElementMissing, match="button 'Order'"):
        await page.find([role("button", "Order")], deadline=soon())


async def test_hidden_copies_are_not_found(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<button style='display:none'>Order</button><button style='opacity:0'>Order</button>"
        "<button style='position:absolute;left:-5000px'>Order</button><button id=real>Order</button>"
        "<div style='height:0;overflow:hidden'><button>Order</button></div>"
        "<div hidden><button>Order</button></div><button style='visibility:hidden'>Order</button>"
    )
    found = await page.find([role("button", "Order")], deadline=deadline)
    assert found.unique and found.seen.attributes["id"] == "real"


async def test_a_verification_reads_the_page_back_in_the_same_look(show: Show, deadline: Deadline) -> None:
    page = await show(FORM)
    order = await page.find([role("button", "Order")], deadline=deadline)
    backs = [ReadBack(locators=(css(".total"),)), ReadBack(locators=(css(".gone"), css(".street")))]
    fresh = await page.verify(order, order.seen, read=backs, at_least=0.9, deadline=deadline)
    assert fresh.texts == ("14.50", "Elm Street 5")
    assert fresh.origin.endswith(page.url.split("/")[2])


async def test_a_read_back_that_could_be_two_things_reads_as_nothing(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<b class=t>1</b><b class=t>2</b><b class=u>3</b><b class=u style='display:none'>4</b><button>Go</button>"
    )
    backs = [ReadBack(locators=(css(".t"),)), ReadBack(locators=(css(".u"),))]
    assert (await page.find([role("button")], read=backs, deadline=deadline)).texts == (None, "3")


async def test_a_read_back_is_what_the_eyes_read(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<p class=total aria-label='1.00'><span aria-label='2.00'>99.00</span><b>EUR</b>"
        "<i style='opacity:0'> 3.00</i><i style='font-size:0'> 4.00</i><i style='color:transparent'> 5.00</i>"
        "<i style='position:absolute;left:-4000px'> 6.00</i><i style='display:none'> 7.00</i><img alt='8.00'>"
        "<i style='position:absolute;width:1px;height:1px;overflow:hidden'> 9.00</i></p>"
        "<table><tr class=row><td>Total</td><td>99.00</td></tr></table>"
    )
    assert await page.read([css(".total")], deadline=deadline) == "99.00EUR"
    assert await page.read([css(".row")], deadline=deadline) == "Total 99.00"


async def test_a_button_reworded_after_it_was_found_is_not_verified(show: Show, deadline: Deadline) -> None:
    page = await show(FORM)
    order = await page.find([role("button", "Order")], deadline=deadline)
    await page.playwright.evaluate("document.querySelector('button').textContent = 'Delete my account'")
    with pytest.raises(ElementChanged):
        await page.verify(order, order.seen, at_least=0.75, deadline=deadline)


async def test_a_button_hidden_after_it_was_found_is_not_verified(show: Show, deadline: Deadline) -> None:
    page = await show(FORM)
    order = await page.find([role("button", "Order")], deadline=deadline)
    await page.playwright.evaluate("document.querySelector('button').style.opacity = 0")
    with pytest.raises(ElementChanged):
        await page.verify(order, order.seen, at_least=0.75, deadline=deadline)


async def test_an_act_lands_on_the_element_that_was_verified_and_on_no_lookalike(
    show: Show, deadline: Deadline
) -> None:
    page = await show("<button id=one onclick=\"document.title='clicked'\">Order</button>")
    order = await page.find([css("#one")], deadline=deadline)
    await page.playwright.evaluate("one.replaceWith(one.cloneNode(true))")
    with pytest.raises(ElementMissing):
        await page.verify(order, order.seen, at_least=0.5, deadline=deadline)
    with pytest.raises(ElementMissing):
        await page.click(order, deadline=deadline)
    assert await page.playwright.title() == ""


async def test_an_act_after_a_reload_finds_its_element_gone(show: Show, deadline: Deadline) -> None:
    page = await show(FORM)
    order = await page.find([role("button", "Order")], deadline=deadline)
    await page.goto(page.url, deadline=deadline)
    with pytest.raises(ElementMissing):
        await page.click(order, deadline=deadline)


async def test_a_page_cannot_change_what_is_seen_by_changing_its_own_builtins(show: Show, deadline: Deadline) -> None:
    page = await show(
        FORM + "<script>JSON.stringify = () => 'x'; JSON.parse = () => ({}); Array.prototype.toJSON = () => 'x';"
        "Element.prototype.getAttribute = () => 'evil'; document.querySelectorAll = () => []; WeakRef = null;</script>"
    )
    assert (await page.find([role("button", "Order")], deadline=deadline)).seen.name == "Order"


async def test_frames_are_looked_into_by_the_fingerprints_path(show: Show, site: Site, deadline: Deadline) -> None:
    site.pages["/pay"] = "<label>Card holder <input></label><iframe name=deep srcdoc='<button>Pay</button>'></iframe>"
    page = await show(f"<iframe name=pay src='http://bank.localhost:{site.port}/pay'></iframe>")
    holder = await page.find([label("Card holder")], frame=("name=pay",), deadline=deadline)
    assert holder.seen.frame == ("name=pay",) and "bank.localhost" in holder.origin
    await page.fill(holder, "Ann", deadline=deadline)
    assert await page.read_value([label("Card holder")], frame=("name=pay",), deadline=deadline) == "Ann"
    pay = await page.find([role("button", "Pay")], frame=("name=pay", "name=deep"), deadline=deadline)
    again = await page.find([role("button")], pay.seen, at_least=0.99, deadline=deadline)
    assert again.seen.frame == ("name=pay", "name=deep")


async def test_a_table_and_a_list_are_read_row_by_row(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<table><caption>Orders</caption><tr><th>Order<th>Total</tr><tr><td>P-1001<td>14.50<td hidden>x</tr>"
        "<tr hidden><td>P-0<td>0.00</tr></table><ul><li>Two <b>pizzas</b></li><li>One <ul><li>salad</li></ul></li></ul>"
    )
    assert await page.read([css("table")], deadline=deadline) == "Order, Total; P-1001, 14.50"
    assert await page.read([css("body > ul")], deadline=deadline) == "Two pizzas; One salad"


async def test_a_read_back_of_another_frame_is_read_too(show: Show, site: Site, deadline: Deadline) -> None:
    site.pages["/sum"] = "<b>9.00</b>"
    page = await show("<iframe name=sum src='/sum'></iframe><b>1.00</b><button>Pay</button>")
    await page.find([css("b")], frame=("name=sum",), deadline=deadline)
    backs = [
        ReadBack(locators=(css("b"),)),
        ReadBack(locators=(css("b"),), frame=("name=sum",)),
        ReadBack(locators=(css("i"),)),
    ]
    assert (await page.find([role("button")], read=backs, deadline=deadline)).texts == ("1.00", "9.00", None)


SHADOW = """
<x-shop></x-shop><script>
customElements.define('x-shop', class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({mode: 'open'}).innerHTML = "<label for=q>Find</label><input id=q><x-inner></x-inner>";
  }
});
customElements.define('x-inner', class extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = "<button>Search</button>"; }
});
</script>"""


async def test_open_shadow_roots_are_seen_into(show: Show, deadline: Deadline) -> None:
    page = await show(SHADOW)
    await page.fill(await page.find([label("Find")], deadline=deadline), "pizza", deadline=deadline)
    button = await page.find([role("button", "Search")], deadline=deadline)
    assert button.seen.shadow == ("x-shop", "x-inner")
    assert (await page.find([css("x-shop >> x-inner >> button")], deadline=deadline)).ref == button.ref
    await page.click(button, deadline=deadline)


async def test_a_pretty_checkbox_is_set_through_its_label(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<style>input{position:absolute;opacity:0;width:0;height:0}</style>"
        "<label><input type=checkbox id=c> Terms</label><label><input type=radio name=r id=r> Card</label>"
    )
    for switched_on in (False, True):
        terms = await page.find([role("checkbox", "Terms")], deadline=deadline)
        assert (terms.visible, terms.checked) == (False, switched_on)
        await page.check(terms, deadline=deadline)
    await page.check(await page.find([role("radio", "Card")], deadline=deadline), deadline=deadline)
    assert await page.playwright.evaluate("[c.checked, r.checked]") == [True, True]
    await page.check(terms, on=False, deadline=deadline)
    assert await page.playwright.evaluate("c.checked") is False


async def test_secrets_are_never_read(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<label>Password <input type=password value=hunter2></label>"
        "<label>Code <input autocomplete=one-time-code value=123456></label>"
        "<label>CVC <input autocomplete=cc-csc value=999></label>"
    )
    found = [await page.find([css("input", nth=nth)], deadline=deadline) for nth in range(3)]
    seen = (
        msgspec.json.encode([sighting.seen for sighting in found])
        + (await page.snapshot(deadline=deadline)).outline().encode()
    )
    for secret in (b"hunter2", b"123456", b"999"):
        assert secret not in seen
    assert await page.read_value([css("input[type=password]")], deadline=deadline) == ""


async def test_an_act_that_the_element_cannot_take_says_why(show: Show, deadline: Deadline) -> None:
    page = await show("<button>Go</button><button disabled>Stop</button>")
    with pytest.raises(ActionRefused, match="fill button"):
        await page.fill(await page.find([role("button", "Go")], deadline=deadline), "x", deadline=deadline)
    with pytest.raises(ActionTimeout, match="not enabled"):
        await page.click(await page.find([role("button", "Stop")], deadline=deadline), deadline=soon())


async def test_what_was_found_in_one_document_is_nothing_in_the_next(
    show: Show, site: Site, deadline: Deadline
) -> None:
    page = await show("<button>Cancel</button>")
    old = await page.find([role("button", "Cancel")], deadline=deadline)
    site.pages["/"] = "<!doctype html><button onclick=\"document.title='hit'\">Order</button>"
    await page.goto(site.url(), deadline=deadline)
    new = await page.find([role("button", "Order")], deadline=deadline)
    with pytest.raises(ElementMissing):
        await page.click(old, deadline=soon())
    assert new.ref != old.ref and await page.playwright.title() == ""


async def test_what_was_typed_is_in_no_error(show: Show, deadline: Deadline) -> None:
    page = await show("<input disabled><input type=number>")
    secret = "hunter" + str(2)
    for nth, patience_ms in ((0, 300), (1, 5000)):
        field = await page.find([css("input", nth=nth)], deadline=deadline)
        with pytest.raises((ActionTimeout, ActionRefused)) as caught:
            await page.fill(field, secret, deadline=Deadline.after_ms(patience_ms))
        assert secret not in "".join(traceback.format_exception(caught.value))


async def test_a_covered_button_is_not_clicked_through(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<button onclick=\"document.title='hit'\">Go</button>"
        "<div style='position:fixed;inset:0;background:white'>Accept cookies</div>"
    )
    go = await page.find([role("button", "Go")], deadline=deadline)
    with pytest.raises(ActionTimeout, match="intercepts"):
        await page.click(go, deadline=soon())
    assert await page.playwright.title() == ""


async def test_keys_hover_drag_and_files(show: Show, deadline: Deadline, tmp_path: Path) -> None:
    page = await show(
        "<input id=i onkeydown=\"if (event.key == 'Enter') document.title = 'entered'\">"
        "<div id=h onmouseover=\"this.textContent = 'over'\">hover me</div>"
        "<div id=from draggable=true ondragstart=\"event.dataTransfer.setData('t', '1')\">from</div>"
        "<div id=to ondragover='event.preventDefault()' ondrop=\"this.textContent = 'dropped'\">to</div>"
        "<input type=file id=f style='display:none'>"
    )
    await page.press("Enter", await page.find([css("#i")], deadline=deadline), deadline=deadline)
    assert await page.playwright.title() == "entered"
    await page.press("x", deadline=deadline)
    assert await page.read_value([css("#i")], deadline=deadline) == "x"
    await page.hover(await page.find([css("#h")], deadline=deadline), deadline=deadline)
    assert await page.read([css("#h")], deadline=deadline) == "over"
    source = await page.find([css("#from")], deadline=deadline)
    await page.drag(source, await page.find([css("#to")], deadline=deadline), deadline=deadline)
    assert await page.read([css("#to")], deadline=deadline) == "dropped"
    (tmp_path / "note.txt").write_text("hello")
    await page.upload(await page.find([css("#f")], deadline=deadline), [tmp_path / "note.txt"], deadline=deadline)
    assert await page.playwright.evaluate("f.files[0].text()") == "hello"


async def test_conditions_wait_for_address_element_absence_and_text(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<p id=s>Loading</p><script>setTimeout(() => { history.pushState(0, '', '/done'); s.remove();"
        "document.body.insertAdjacentHTML('beforeend', '<h2>All <b>ready</b></h2>') }, 120)</script>"
    )
    await page.wait_for(
        Condition(url="*/done", visible=(role("heading"),), hidden=(css("#s"),), text="all ready"), deadline=deadline
    )


async def test_a_condition_that_does_not_come_is_named(show: Show) -> None:
    page = await show("<p>Loading</p>")
    with pytest.raises(ConditionTimeout, match="Thank you"):
        await page.wait_for(Condition(text="Thank you"), deadline=soon())


async def test_an_address_that_changes_alone_is_noticed(show: Show, deadline: Deadline) -> None:
    page = await show("<script>setTimeout(() => history.pushState(0, '', '/late'), 100)</script>")
    await page.wait_for(Condition(url="*/late"), deadline=deadline)


async def test_dialogs_are_dismissed_and_recorded(show: Show, deadline: Deadline) -> None:
    page = await show("<button onclick=\"document.title = confirm('Really?')\">Go</button>")
    await page.click(await page.find([role("button")], deadline=deadline), deadline=deadline)
    assert await page.playwright.title() == "false"
    assert [(seen.kind, seen.message) for seen in page.dialogs] == [("confirm", "Really?")]


async def test_a_policy_may_answer_dialogs(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.pages["/"] = "<button onclick=\"document.title = prompt('Name?')\">Go</button>"

    def answer(seen: DialogSeen) -> str | None:
        return "Ann" if seen.message == "Name?" else None

    async with pool.context(navigate=[f"*.localhost:{site.port}"], dialogs=answer) as task:
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        await page.click(await page.find([role("button")], deadline=deadline), deadline=deadline)
        assert await page.playwright.title() == "Ann"


async def test_a_popup_is_a_page_of_its_own(show: Show, site: Site, deadline: Deadline) -> None:
    site.pages["/more"] = "<h1>More</h1>"
    page = await show("<a href='/more' target=_blank>Open</a>")
    await page.click(await page.find([role("link")], deadline=deadline), deadline=deadline)
    popup = await page.popup(deadline=deadline)
    assert await popup.read([role("heading")], deadline=deadline) == "More"


async def test_a_page_that_opens_windows_without_end_keeps_a_bounded_number(
    show: Show, task: TaskContext, deadline: Deadline
) -> None:
    page = await show("<button onclick='for (let i = 0; i < 30; i++) window.open(\"about:blank\")'>Go</button>")
    await page.click(await page.find([role("button")], deadline=deadline), deadline=deadline)
    await page.wait_for(Condition(visible=(role("button"),)), deadline=deadline)
    while len(task.pages) > 12:
        await page.holds(Condition(text="Go"), deadline=deadline)
        assert not deadline.passed
    assert len(task.pages) <= 12


async def test_a_site_off_the_list_is_not_gone_to(show: Show, site: Site) -> None:
    page = await show("<p>x</p>")
    for url in ("http://elsewhere.test/", "file:///etc/passwd", "chrome://version", "http://user@shop.localhost/"):
        with pytest.raises(NavigationRefused):
            await page.goto(url, deadline=soon())
    assert page.url == site.url()


async def test_a_link_to_a_site_that_may_only_be_loaded_from_leaves_nothing_to_act_on(
    pool: Pool, site: Site, deadline: Deadline
) -> None:
    site.pages["/"] = f"<a href='http://cdn.localhost:{site.port}/trap'>Next</a>"
    site.pages["/trap"] = "<button>Order</button>"
    async with pool.context(navigate=[f"shop.localhost:{site.port}"], load=[f"cdn.localhost:{site.port}"]) as task:
        page = await task.new_page()
        await page.goto(site.url(), deadline=deadline)
        await page.click(await page.find([role("link")], deadline=deadline), deadline=deadline)
        with pytest.raises((NavigationRefused, ElementMissing)):
            await page.find([role("button", "Order")], deadline=Deadline.after_ms(1500))
        assert "GET /trap HTTP/1.1" not in site.requests


async def test_a_redirect_off_the_list_is_refused(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.redirects["/"] = f"http://evil.localhost:{site.port}/in"
    async with pool.context(navigate=[f"shop.localhost:{site.port}"]) as task:
        page = await task.new_page()
        with pytest.raises((NavigationRefused, NavigationFailed)):
            await page.goto(site.url(), deadline=deadline)
        assert task.refusals[0].host == "evil.localhost"
    assert not any("evil" in host for host in site.hosts)


async def test_a_site_that_does_not_answer_is_said(pool: Pool, deadline: Deadline) -> None:
    async with pool.context(navigate=["nowhere.invalid"]) as task:
        page = await task.new_page()
        with pytest.raises(NavigationFailed):
            await page.goto("http://nowhere.invalid/", deadline=deadline)


async def test_a_closed_page_says_so_and_closes_again_without_harm(show: Show, deadline: Deadline) -> None:
    page = await show(FORM)
    order = await page.find([role("button", "Order")], deadline=deadline)
    await page.close()
    await page.close()
    with pytest.raises(PageGone):
        await page.click(order, deadline=deadline)
    with pytest.raises(PageGone):
        await page.find([role("button")], deadline=deadline)


OBSERVED = """<a href=#there>Go</a><script>
window.asked = 0;
window.MutationObserver = class extends MutationObserver { constructor(told) { super(told); window.asked++; } };
</script>"""


async def test_an_address_is_waited_for_without_a_question_to_the_page(show: Show, deadline: Deadline) -> None:
    page = await show(OBSERVED)
    waiting = asyncio.create_task(page.wait_for(Condition(url="*#there"), deadline=deadline))
    await page.click(await page.find([role("link", "Go")], deadline=deadline), deadline=deadline)
    await waiting
    assert await page.playwright.evaluate("window.asked") == 0


@pytest.mark.parametrize(
    ("html", "lands"),
    [
        ("<button id=b>Pay</button>", True),
        ("<button id=b><b>Pay</b> now</button>", True),
        ("<a id=b href=/x style='transition: color 1s'>Pay</a>", True),
        ("<button id=b disabled>Pay</button>", False),
        ("<fieldset disabled><button id=b>Pay</button></fieldset>", False),
        ("<div aria-disabled=true><a id=b href=/x>Pay</a></div>", False),
        ("<button id=b>Pay</button><div style='position:fixed; inset:0'></div>", False),
        ("<button id=b>Pay</button><div style='position:fixed; inset:0; pointer-events:none'></div>", True),
        ("<button id=b style='margin-top: 3000px'>Pay</button>", False),
        (
            "<style>@keyframes go{to{left:9px}}</style><p style='animation:go 9s infinite'><button id=b>Pay",
            False,
        ),
    ],
)
async def test_an_element_that_is_looked_at_says_whether_a_click_would_land_at_once(
    show: Show, deadline: Deadline, html: str, lands: bool
) -> None:
    page = await show(html)
    found = await page.find([css("#b")], deadline=deadline)
    assert not found.lands
    again = await page.verify(found, found.seen, at_least=0.9, deadline=deadline)
    assert again.lands is lands


async def test_a_page_that_never_ends_to_load_is_looked_at_as_it_changes(show: Show, deadline: Deadline) -> None:
    page = await show("<p>x</p>")
    await page.playwright.evaluate("document.open(); document.write('<p>y</p>')")
    finding = asyncio.create_task(page.find([role("button")], deadline=deadline))
    await page.wait_for(Condition(text="y"), deadline=deadline)
    await page.playwright.evaluate("document.body.append(document.createElement('button'))")
    assert (await finding).seen.tag == "button"


async def test_what_lies_on_a_frame_is_not_known_inside_it(show: Show, deadline: Deadline) -> None:
    page = await show("<iframe name=inner srcdoc='<button>Pay</button>'></iframe>")
    found = await page.find([role("button", "Pay")], frame=("name=inner",), deadline=deadline)
    assert not (await page.verify(found, found.seen, at_least=0.9, deadline=deadline)).lands


async def test_a_button_in_a_shadow_root_is_hit_there(show: Show, deadline: Deadline) -> None:
    page = await show("<div><template shadowrootmode=open><button>Pay</button></template></div>")
    found = await page.find([role("button", "Pay")], deadline=deadline)
    assert (await page.verify(found, found.seen, at_least=0.9, deadline=deadline)).lands


async def test_waiting_can_be_cancelled(show: Show, deadline: Deadline) -> None:
    page = await show("<p>x</p>")
    waiting = asyncio.create_task(page.find([role("button")], deadline=deadline))
    await page.holds(Condition(text="x"), deadline=deadline)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await page.read([css("p")], deadline=deadline) == "x"


async def test_pictures_are_jpegs_and_the_screencast_follows_the_page(show: Show, deadline: Deadline) -> None:
    page = await show("<div id=d style='width:300px;height:300px;background:red'></div>")
    assert (await page.screenshot(deadline=deadline)).startswith(b"\xff\xd8")
    frames: asyncio.Queue[bytes] = asyncio.Queue()
    await page.start_screencast(frames.put_nowait, frames_per_s=50)
    for colour in ("blue", "green"):
        await page.playwright.evaluate(f"d.style.background = '{colour}'")
        async with asyncio.timeout(deadline.left_ms() / 1000):
            assert (await frames.get()).startswith(b"\xff\xd8")
    await page.stop_screencast()
    await page.stop_screencast()


async def test_readiness_is_told_without_a_click_that_a_page_could_see(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<script>window.seen = 0; for (const kind of ['pointerdown', 'mousedown', 'mouseup', 'click'])"
        " addEventListener(kind, () => seen++, true); setTimeout(() => pay.disabled = false, 80)</script>"
        "<button id=pay disabled>Pay</button>"
    )
    at = await page.find([role("button", "Pay")], deadline=deadline)
    await page.ready(at, deadline=deadline)
    assert await page.playwright.evaluate("[seen, pay.disabled]") == [0, False]
    await page.click(at, deadline=deadline)
    assert await page.playwright.evaluate("seen") == 4
