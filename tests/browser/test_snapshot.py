"""The page as a tree: what is in it, and what is kept out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from browser.bystanders import SPLIT
from browser.deadline import Deadline
from browser.errors import ElementMissing
from browser.snapshot import Element, Snapshot
from tests.browser.conftest import Show, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


def one(snapshot: Snapshot, **wanted: object) -> Element:
    found = [each for each in snapshot.elements if all(getattr(each, name) == value for name, value in wanted.items())]
    assert len(found) == 1, snapshot.outline()
    return found[0]


async def test_a_snapshot_names_elements_with_role_label_value_state_and_place(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<title>Shop</title><form aria-label=Order><h1>Pizza</h1>"
        "<label>Address <input value='Elm Street 5' required></label>"
        "<label><input type=checkbox checked> Extra</label>"
        "<label>Size <select><option>Small<option selected>Large</select></label>"
        "<button disabled>Pay</button> <div onclick='0'>Clickable</div></form>"
    )
    snapshot = await page.snapshot(deadline=deadline)
    assert (snapshot.title, snapshot.truncated) == ("Shop", False)
    address = one(snapshot, role="textbox")
    assert (address.name, address.label, address.value, address.state) == (
        "Address",
        "Address",
        "Elm Street 5",
        ("required",),
    )
    assert one(snapshot, role="checkbox").state == ("checked",)
    size = one(snapshot, role="combobox")
    assert (size.value, size.options) == ("Large", ("Small", "Large"))
    assert one(snapshot, role="button").state == ("disabled",)
    assert one(snapshot, text="Clickable").acted
    heading = one(snapshot, role="heading")
    assert snapshot.elements[heading.parent].role == "form"
    assert heading.box[2] > 0 and heading.visible


HIDDEN = """
<p style="display:none">SECRET1</p><p style="visibility:hidden">SECRET2</p><p style="opacity:0">SECRET3</p>
<p style="position:absolute;left:-9999px">SECRET4</p><p style="width:1px;height:1px;overflow:hidden">SECRET5</p>
<p style="font-size:0">SECRET6</p><p style="text-indent:-9999px">SECRET7</p><p hidden>SECRET8</p>
<div style="height:0;overflow:hidden"><p>SECRET9</p></div><div style="opacity:0"><p>SECRET10</p></div>
<p style="clip-path:inset(50%);position:absolute">SECRET11</p><!-- SECRET12 --><script>"SECRET13"</script>
<p style="position:absolute;clip:rect(1px,1px,1px,1px)">SECRET14</p><template><p>SECRET15</p></template>
<noscript>SECRET16</noscript>
<p style="color:transparent">SECRET18</p><details><summary>More</summary><p>SECRET17</p></details><p>Seen</p>
"""


async def test_hidden_text_is_kept_out(show: Show, deadline: Deadline) -> None:
    outline = (await (await show(HIDDEN)).snapshot(deadline=deadline)).outline()
    assert "Seen" in outline and "More" in outline
    assert "SECRET" not in outline


async def test_what_a_box_has_scrolled_away_can_be_seen(show: Show, deadline: Deadline) -> None:
    page = await show(
        "<div style='height:80px;overflow:auto'><p>Total 12.00</p><div style='height:900px'></div><p>Below</p></div>"
    )
    await page.playwright.evaluate("document.querySelector('div').scrollTop = 500")
    assert one(await page.snapshot(deadline=deadline), text="Total 12.00").visible


async def test_hidden_text_gives_a_button_no_name(show: Show, deadline: Deadline) -> None:
    page = await show("<button>Order<span style='display:none'> SECRET</span><span aria-hidden=true>»</span></button>")
    assert one(await page.snapshot(deadline=deadline), role="button").name == "Order"


async def test_words_of_a_line_of_their_own_do_not_run_into_those_before_them(show: Show, deadline: Deadline) -> None:
    page = await show("<label><input type=checkbox> Tent 4<b style='display: block'>120.00</b></label>")
    assert one(await page.snapshot(deadline=deadline), role="checkbox").name == "Tent 4 120.00"
    page = await show("<label><input type=checkbox> Tent<b>s</b></label>")
    assert one(await page.snapshot(deadline=deadline), role="checkbox").name == "Tents"


async def test_frames_and_shadow_roots_are_part_of_the_tree(show: Show, site: Site, deadline: Deadline) -> None:
    site.pages["/pay"] = "<button>Pay</button>"
    page = await show(
        f"<div id=h></div><iframe name=bank style='margin:50px' src='http://bank.localhost:{site.port}/pay'></iframe>"
        "<script>h.attachShadow({mode:'open'}).innerHTML = '<slot></slot><button>Inner</button>'</script>"
    )
    snapshot = await page.snapshot(deadline=deadline)
    assert one(snapshot, name="Inner").frame == ()
    pay = one(snapshot, name="Pay")
    assert pay.frame == ("name=bank",) and snapshot.elements[pay.parent].tag == "iframe"
    assert pay.box[0] > 50, "the box is in px of the top page"
    await page.click(await page.at(snapshot, pay.ref, deadline=deadline), deadline=deadline)


async def test_a_snapshots_fingerprint_is_the_one_that_replay_sees(show: Show, deadline: Deadline) -> None:
    page = await show("<h2>Pepperoni</h2><p>14.50 <button id=l>Large</button></p>")
    snapshot = await page.snapshot(deadline=deadline)
    ref = one(snapshot, role="button").ref
    remembered = await snapshot.fingerprint(ref, deadline=deadline)
    found = await page.at(snapshot, ref, deadline=deadline)
    assert replace(remembered, within=(), others="") == found.seen
    assert remembered.within == ("under Pepperoni",)
    assert remembered.others == SPLIT  # it stands alone
    assert remembered.neighbours[:2] == ("14.50", "Pepperoni")


async def test_an_element_of_another_snapshot_is_missing(show: Show, deadline: Deadline) -> None:
    page = await show("<button>Go</button>")
    snapshot = await page.snapshot(deadline=deadline)
    with pytest.raises(ElementMissing):
        snapshot.get("e999")
    ref = one(snapshot, role="button").ref
    await page.goto(page.url, deadline=deadline)
    with pytest.raises(ElementMissing):
        await page.at(snapshot, ref, deadline=deadline)


async def test_an_outline_is_cut_off_and_says_so(show: Show, deadline: Deadline) -> None:
    page = await show("".join(f"<p>Line {n}</p>" for n in range(200)))
    outline = (await page.snapshot(deadline=deadline)).outline(most_chars=500)
    assert len(outline) < 600 and outline.splitlines()[-1].endswith("more")


async def test_a_huge_page_is_cut_off_and_says_so(show: Show, deadline: Deadline) -> None:
    page = await show("<body><script>document.body.innerHTML = '<button>x</button>'.repeat(6000)</script>")
    snapshot = await page.snapshot(deadline=deadline)
    assert snapshot.truncated and len(snapshot.elements) == 5000
