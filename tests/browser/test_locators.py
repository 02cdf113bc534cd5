"""Our locators and Playwright's own name the same elements."""

from __future__ import annotations

import math

import msgspec
import pytest
from playwright.async_api import Locator as PlaywrightLocator

from browser import eyes
from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind, to_playwright
from browser.page import Page
from tests.browser.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """
<title>Names</title>
<header><h1>The <em>Pizza</em> House</h1>
<nav aria-label="Main"><a href="/">Home</a> <a href="/menu">Menu (12)</a></nav></header>
<main>
 <button>Order</button> <button aria-label="Close dialog">×</button> <button title="Print it"></button>
 <button><img src="x.png" alt="Cart"></button> <input type="submit" value="Send">
 <input type="submit"> <input type="reset">
 <div role="button" tabindex="0">Custom <span aria-hidden="true">!!</span></div>
 <span id="l1">Delivery</span><span id="l2">time</span><input aria-labelledby="l1 l2">
 <label for="n">Full name</label><input id="n" placeholder="Ann Smith"> <input placeholder="Search here" type="search">
 <label>Quantity <input type="number" value="2"></label> <label>Notes <textarea>none</textarea></label>
 <label>Size <select><option>Small</option><option>Large</option></select></label>
 <select multiple aria-label="Toppings"><option>Ham</option></select>
 <fieldset><legend>Payment</legend><label><input type="radio" name="p"> Card</label>
  <label><input type="radio" name="p"> Cash</label></fieldset>
 <label><input type="checkbox"> I agree to the <b>terms</b></label>
 <div role="switch" aria-checked="true">Night mode</div>
 <table><caption>Prices</caption><tr><th>Kind</th><th>Price</th></tr><tr><td>Margherita</td><td>9.00</td></tr></table>
 <ul><li>First item</li><li>Second item</li></ul>
 <p data-testid="note">Open   from <b>six</b>
   to ten</p> <p>open</p> <img src="y.png" alt="A pizza"> <progress value="1" max="2"></progress>
 <dialog open aria-label="Hello"><h2>Welcome</h2></dialog> <a>no link</a>
 <section aria-label="Reviews"><h3>Good</h3></section>
 <details><summary>More</summary><p>Hidden until open</p></details> <hr> <output>3</output> <article>News</article>
 <div id="host"></div>
</main><footer>Contact</footer>
<script>host.attachShadow({mode: 'open'}).innerHTML =
 '<button>Inside</button><input placeholder="Deep"><p>Deep text</p>'</script>
"""


def of(kind: str, value: str, name: str = "", exact: bool = False) -> Locator:
    return Locator(kind=LocatorKind(kind), value=value, name=name, exact=exact)


BUTTONS = ["Order", "Close dialog", "Print it", "Cart", "Send", "Submit", "Reset", "Custom", "Inside"]
LOCATORS = [
    *(of("role", "button", name) for name in BUTTONS),
    of("role", "button"),
    of("role", "link"),
    of("role", "link", "menu"),
    of("role", "link", "Menu (12)", True),
    of("role", "heading", "The Pizza House", True),
    of("role", "heading"),
    of("role", "textbox", "Delivery time", True),
    of("role", "textbox", "Full name"),
    of("role", "textbox", "Notes"),
    of("role", "searchbox"),
    of("role", "spinbutton", "Quantity"),
    of("role", "combobox", "Size"),
    of("role", "listbox", "Toppings"),
    of("role", "radio", "Cash"),
    of("role", "checkbox", "I agree to the terms", True),
    of("role", "switch", "Night mode"),
    of("role", "group", "Payment"),
    of("role", "table", "Prices"),
    of("role", "cell", "9.00"),
    of("role", "columnheader", "Price"),
    of("role", "row"),
    of("role", "listitem"),
    of("role", "img", "A pizza"),
    of("role", "dialog", "Hello"),
    of("role", "region", "Reviews"),
    of("role", "navigation", "Main"),
    of("role", "main"),
    of("role", "banner"),
    of("role", "contentinfo"),
    of("role", "progressbar"),
    of("role", "separator"),
    of("role", "status"),
    of("role", "article"),
    of("label", "full NAME"),
    of("label", "Quantity", exact=True),
    of("label", "Toppings"),
    of("label", "Card"),
    of("placeholder", "ann"),
    of("placeholder", "Search here", exact=True),
    of("placeholder", "Deep"),
    of("text", "open from six to ten"),
    of("text", "Open"),
    of("text", "open", exact=True),
    of("text", "Deep text"),
    of("text", "Send"),
    of("text", "pizza house"),
    of("testid", "note"),
    of("css", "main button"),
    of("css", "fieldset >> input"),
    of("css", "#host p"),
    of("css", "input[placeholder=Deep]"),
    of("xpath", "//table//td[2]"),
    of("xpath", "//button[@title]"),
]


async def found_by_us(page: Page, locator: Locator, count: int, deadline: Deadline) -> list[tuple[float, float]]:
    found = []
    for nth in range(count):
        request = eyes.finding([msgspec.structs.replace(locator, nth=nth)], None, ())
        reply = await eyes.ask(page.playwright.main_frame, request, deadline)
        found += [seen.seen.box[:2] for seen in reply.found if seen.seen.box]
    return found


async def found_by_playwright(elements: list[PlaywrightLocator]) -> list[tuple[float, float]]:
    boxes = [await element.bounding_box() for element in elements if await element.is_visible()]
    return [(box["x"], box["y"]) for box in boxes if box]


def same_places(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> bool:
    return len(ours) == len(theirs) and all(math.dist(a, b) < 1 for a, b in zip(ours, theirs, strict=True))


async def test_every_locator_finds_what_playwrights_own_finds(show: Show, deadline: Deadline) -> None:
    page = await show(PAGE)
    disagreed = {}
    for locator in LOCATORS:
        elements = await to_playwright(locator, page.playwright).all()
        theirs = sorted(await found_by_playwright(elements))
        ours = sorted(await found_by_us(page, locator, len(elements) + 1, deadline))
        if not theirs or not same_places(ours, theirs):
            disagreed[f"{locator.described()} {locator.exact}"] = (ours, theirs)
    assert not disagreed, "\n".join(f"{k}: {v}" for k, v in disagreed.items())


async def test_nth_counts_in_reading_order_from_nought(show: Show, deadline: Deadline) -> None:
    page = await show("<button>A</button><button>B</button>")
    found = await page.find([msgspec.structs.replace(of("role", "button"), nth=1)], deadline=deadline)
    assert (found.seen.name, found.unique) == ("B", True)


async def test_a_locator_survives_json() -> None:
    locator = of("role", "button", "Order", True)
    assert msgspec.json.decode(msgspec.json.encode(locator), type=Locator) == locator
    assert msgspec.json.encode(of("css", "#a")) == b'{"kind":"css","value":"#a"}'
