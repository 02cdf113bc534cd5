"""What is read back on a page of another build: a title of a row, the word that something was done, a letter."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from browser.snapshot import Element
from teach_mode.retelling import retold
from teach_mode.skill import Target
from tests.teach_mode.lessons import School
from tests.teach_mode.test_redesigns import done, step, target

LETTER = Target(
    locators=(), fingerprint=Fingerprint(text="The boiler is checked on Monday, please be at home.", tag="div")
)
STATUS = Target(locators=(), fingerprint=Fingerprint(role="status", text="…", tag="p"))
ROW = Target(
    locators=(Locator(kind=LocatorKind.CSS, value="main > ul > li:nth-of-type(2) > h2"),),
    fingerprint=Fingerprint(
        role="heading",
        name="Night Walk",
        tag="h2",
        within=("listitem Night Walk {kind} 12.00", "list"),
        neighbours=("{kind}", "12.00"),
    ),
)


def page(*said: Any, **more: Any) -> list[Element]:
    """Texts one after the other, each a heading, a link or a text by its first word; a tuple is a row of its own."""
    found = [Element(ref="top", tag="body", group=True)]

    def put(text: str, parent: int) -> None:
        kind, _, words = text.partition(" ")
        heading, link = kind == "h3", kind == "a"
        role = "heading" if heading else "link" if link else ""
        found.append(Element(ref=words, tag=kind, role=role, name=words if role else "", text=words, parent=parent))

    for one in said:
        if isinstance(one, str):
            put(one, 0)
            continue
        found.append(Element(ref=f"row {one}", tag="div", group=True, parent=0, **more))
        row = len(found) - 1
        for text in one:
            put(text, row)
    return found


WATER = "The water is off on Tuesday, so fill a pot."
NOTICE = "We have moved all letters to a new place."


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        (page("h3 Water", "a Reply", f"p {WATER}"), WATER),
        (page("h3 Boiler", f"p {WATER}"), ""),  # another letter
        (page("h3 Water", f"p {WATER}", f"p {NOTICE}"), ""),  # which one?
        (page(f"p {WATER}", "h3 Water"), ""),  # it stands above
        (page("h3 Water", "p From the caretaker"), ""),
        (page("h3 Water", (f"p {WATER}",), role="dialog"), ""),
    ],
)
def test_a_letter_is_the_only_text_in_sentences_under_what_was_asked_for(shown: list[Element], read: str) -> None:
    assert retold(LETTER, {}, ("Boat", "Water"), shown) == read


def test_without_a_value_a_letter_stands_under_the_heading_it_was_taught_under() -> None:
    taught = Target(locators=(), fingerprint=replace(LETTER.fingerprint, within=("main", "under Today")))
    assert retold(taught, {}, (), page("h3 Today", f"p {WATER}")) == WATER
    assert retold(taught, {}, (), page("h3 Yesterday", f"p {WATER}")) == ""
    assert retold(LETTER, {}, (), page("h3 Today", f"p {WATER}")) == ""


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        (page("h3 Members", "p M-12 was updated.", "p 40 members"), "M-12 was updated."),
        (page("p Saved", "p 40 members"), "Saved"),
        (page("h3 Thank you"), "Thank you"),
        (page("p M-12 was not updated."), ""),
        (page("p M-12 could not be saved, an error occurred."), ""),
        (page("p Saved searches", "p 40 members"), ""),
        (page("p Your card was declined."), ""),
        (page("p M-12 was updated.", "p M-7 was created."), ""),
        (page(("p M-12 was updated.",), role="listitem"), ""),  # a history
    ],
)
def test_that_something_was_done_is_the_only_text_that_says_so(shown: list[Element], read: str) -> None:
    assert retold(STATUS, {}, (), shown) == read


FILM, PLAY = {"kind": "Film"}, {"kind": "Play"}


def rows(*titles: str, about: str = "p Film", price: str = "p 9.50") -> list[Element]:
    return page(*((f"h3 {title}", about, price) for title in titles))


def test_the_title_of_a_row_is_that_of_the_same_number() -> None:
    assert retold(ROW, FILM, (), rows("Low Tide", "Two Ferries", "Snow")) == "Two Ferries"
    assert retold(ROW, PLAY, (), rows("Low Tide", "Two Ferries", "Snow")) == ""
    assert retold(ROW, FILM, (), rows("Low Tide", "Two Ferries", price="p soon")) == ""
    assert retold(ROW, FILM, (), rows("Low Tide")) == ""
    unranked = replace(ROW, locators=(Locator(kind=LocatorKind.CSS, value="main > h2"),))
    assert retold(unranked, FILM, (), rows("Low Tide", "Two Ferries")) == ""
    beside = [*rows("Low Tide", "Two Ferries"), Element(ref="tips", tag="h3", role="heading", name="Tips", parent=0)]
    assert retold(ROW, FILM, (), beside) == ""


@pytest.mark.e2e
@pytest.mark.asyncio(loop_scope="module")
async def test_a_letter_of_another_build_is_read_and_a_page_without_it_is_not(
    school: School, pool: Pool, scripted_gate: Any
) -> None:
    opened = step("open", "click", target("link", "{letter}", "a"))
    read = step(
        "read", "read", {
            "locators": [{"kind": "css", "value": "article > div.body"}],
            "fingerprint": {"tag": "div", "text": LETTER.fingerprint.text, "neighbours": ["From the caretaker"]},
        }, saves="answer", effect="read",
    )  # fmt: skip
    html = """<a href="#1" onclick="shown.hidden = false; this.remove()">Water</a><div id=shown hidden>
        <h3>Water</h3><p>From: caretaker <button>Reply</button></p><section>{}</section></div>"""
    values = {"letter": "Water"}
    result, _ = await done(school, pool, scripted_gate(), html.format(WATER), opened, read, values=values)
    assert (result.error, result.values["answer"]) == (None, WATER)
    gone = html.format("<ul><li>Delete it or keep it, as you like, we do not mind.</ul>")
    result, _ = await done(school, pool, scripted_gate(), gone, opened, read, values=values, patience_ms=6_000)
    assert result.error is not None and "answer" not in result.values
