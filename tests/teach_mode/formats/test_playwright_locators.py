"""How Playwright names elements, and that a skill's locators find the same ones."""

from __future__ import annotations

from typing import Any

import pytest

from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.locators import Locator, LocatorKind
from teach_mode.formats.playwright.chains import SelectorUnreadable, Words
from teach_mode.formats.playwright.naming import Nameless, named
from teach_mode.formats.playwright.patterns import plain_words
from teach_mode.formats.playwright.selectors import parse

PAGE = """<title>Shop</title><main><h1>Shop</h1><h2>Scarves</h2>
<form aria-label="Find"><label for=q>Search the shop</label><input id=q placeholder="What is it?">
<label>Size <select name=size><option>Small<option>Large</select></label>
<label><input type=checkbox name=gift> As a "gift" it's</label><button>Search</button></form>
<table><caption>Orders</caption><tr><th>Number<th>Item<th></tr>
<tr><td>A-1</td><td>Scarf, mustard</td><td><button>Edit</button> <a href=/1>Show</a></td></tr>
<tr><td>A-2</td><td>Scarf, green</td><td><button>Edit</button> <a href=/2>Show</a></td></tr></table>
<ul class="items big"><li>One <b>new</b><button data-testid=add disabled>Add</button></li>
<li>Two<button data-testid=add>Add</button></li><li id=last>Three<button data-testid=add>Add</button></li></ul>
<img alt="A red Scarf" src="data:," width=20 height=20><span title="Close it">x</span>
<p>Nothing  was
 found</p><div role=dialog aria-labelledby=t><h3 id=t>Sure?</h3><button>Yes</button></div>
<div class=card><h3>First</h3><button>Open</button></div><div class=card><h3>Second</h3><button>Open</button></div>
</main>"""

# Each names one element that is to be seen.
SELECTORS = [
    'internal:role=button[name="Search"i]',
    'internal:role=heading[level=2]',
    'internal:role=textbox[name="search the shop"i]',
    'internal:label="Search the shop"s',
    'internal:label="gift"i',
    'internal:attr=[placeholder="what is"i]',
    'internal:attr=[alt="A red Scarf"s]',
    'internal:attr=[alt="red scarf"i]',
    'internal:attr=[title="Close"i]',
    'internal:text="Nothing was found"i',
    "internal:text=/Nothing\\s+was\\s+found/",
    'internal:testid=[data-testid="add"s] >> nth=1',
    'internal:testid=[data-testid="add"s] >> nth=-1',
    'internal:role=row[name="A-2 Scarf, green"i] >> internal:role=button',
    'internal:role=row >> internal:has-text="A-1"i >> internal:role=link[name="Show"i]',
    'internal:role=row >> nth=2 >> internal:role=button[name="Edit"s]',
    'internal:role=listitem >> internal:has-text=/^Two/ >> internal:testid=[data-testid="add"s]',
    'internal:role=listitem >> internal:has="b" >> button',
    'internal:role=listitem >> internal:has-not-text="T"i >> internal:role=button[disabled=true]',
    'internal:role=list >> internal:text="Three"i',
    'internal:role=dialog[name="Sure?"i] >> internal:role=button',
    'internal:role=table[name="Orders"i] >> internal:role=cell[name="A-1"s]',
    'internal:role=form[name="Find"i] >> internal:label="Size"i',
    'internal:role=button >> internal:and="internal:text=\\"Yes\\"i"',
    'internal:role=combobox >> internal:or="internal:role=listbox"',
    ".card >> internal:has-text=\"Second\"i >> internal:role=button",
    'div.card:has-text("First") button',
    "ul.items > li:nth-child(2) > button",
    "#last >> button >> visible=true",
    ".items li >> nth=2 >> internal:role=button",
    "//table//tr[2]//button",
    "xpath=//ul >> li >> nth=0 >> b",
    "text=found",
    'text="Sure?"',
    'button:text-is("Yes")',
    "internal:role=checkbox[name=/as a .gift/i]",
    "css=form >> internal:label=\"Size\"i",
    "data-testid=add >> nth=0",
]  # fmt: skip


@pytest.mark.e2e
@pytest.mark.asyncio(loop_scope="module")
async def test_a_skills_locators_find_what_playwright_finds(school: Any, pool: Any) -> None:
    school.pages = {"/": PAGE}
    disagreed = {}
    async with pool.context(navigate=(f"shop.localhost:{school.port}",)) as task:
        page = await task.new_page()
        await page.goto(school.url(), deadline=Deadline.after_ms(20_000))
        for selector in SELECTORS:
            theirs = await page.playwright.locator(selector).bounding_box(timeout=5_000)
            found = named(parse(selector))
            try:
                ours = (await page.find(found.locators, deadline=Deadline.after_ms(300))).seen.box
            except BrowserError as error:
                disagreed[selector] = (str(error), found)
                continue
            if ours is None or theirs is None or abs(ours[0] - theirs["x"]) + abs(ours[1] - theirs["y"]) > 1:
                disagreed[selector] = (f"{ours} {theirs}", found)
    assert not disagreed, "\n".join(f"{key}: {value}" for key, value in disagreed.items())


@pytest.mark.parametrize(
    ("pattern", "words", "whole"),
    [
        ("^Foo$", [Words(text="Foo", exact=True)], True),
        ("Save|Send", [Words(text="Save"), Words(text="Send")], True),
        ("^(Yes|No)$", [Words(text="Yes", exact=True), Words(text="No", exact=True)], True),
        (r"\d+ items left", [Words(text="items left")], False),
        (r"Total: \$\d{2}", [Words(text="Total: $")], False),
        (r"Hello\s+world", [Words(text="Hello world")], True),
        ("^Order", [Words(text="Order")], False),
        ("^Choose {kind|title}$", [Words(text="Choose {kind|title}", exact=True)], True),
        (".*", [], False),
        (r"\d+", [], False),
    ],
)
def test_a_pattern_is_looked_for_by_its_words(pattern: str, words: list[Words], whole: bool) -> None:
    assert plain_words(Words(text=pattern, pattern=True)) == (tuple(words), whole)


def test_frames_are_named_by_their_name_address_or_place() -> None:
    inside = " >> internal:control=enter-frame >> internal:role=button"
    at = "https://shop.example/buy/"

    def frame(selector: str) -> tuple[str, ...]:
        return named(parse(selector + inside), at).frame

    assert frame('iframe[name="pay"]') == ("name=pay",)
    assert frame("#card") == ("name=card",)
    assert frame('iframe[src="../card?x=1"]') == ("url=https://shop.example/card",)
    assert frame("iframe >> nth=2") == ("index=2",)
    assert frame("iframe") == ("index=0",)
    assert frame('iframe[name="a"] >> internal:control=enter-frame >> [id="b"]') == ("name=a", "name=b")
    with pytest.raises(Nameless, match="its place"):
        frame('iframe[title="Card"]')


def test_what_a_choice_of_locators_names_is_either() -> None:
    [first, second] = named(parse('internal:label="A"i >> internal:or="internal:label=\\"B\\"i" >> nth=0')).locators
    assert first == Locator(kind=LocatorKind.LABEL, value="A", nth=0)
    assert second == Locator(kind=LocatorKind.LABEL, value="B", nth=0)


@pytest.mark.parametrize("selector", ["", "x >> ", "_react=Book", "nth=two", "internal:role=", "internal:has=button"])
def test_a_selector_that_nobody_knows_is_unreadable(selector: str) -> None:
    with pytest.raises(SelectorUnreadable):
        parse(selector)
