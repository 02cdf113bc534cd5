"""A site of another build: the link that is not needed any more, other addresses, a choice drawn another way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from browser.bystanders import remembered
from browser.conditions import Condition
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.pool import Pool
from browser.snapshot import Element
from teach_mode.checks import parse_skill
from teach_mode.leading import applies, choices_of, each_applied, only_leads
from teach_mode.passing import signing_in
from teach_mode.redrawn import option_like, redrawn
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Step, Target
from tests.teach_mode.lessons import LOG, School

in_a_browser = pytest.mark.asyncio(loop_scope="module")
HERE = Fingerprint(role="link", name="New chore", text="New chore", tag="a", attributes={"href": "#/new"})
TITLE = Fingerprint(role="textbox", name="Title", label="Title", tag="input", attributes={"id": "title"})
OTHER = Fingerprint(role="link", name="Help", text="Help", tag="a", attributes={"href": "/help"})


def target(role: str, name: str, tag: str, **seen: Any) -> dict[str, Any]:
    looks = {"role": role, "name": name, "tag": tag, "text" if role in ("link", "button") else "label": name} | seen
    return {"locators": [{"kind": "role", "value": role, "name": name, "exact": True}], "fingerprint": looks}


def step(name: str, action: str, seen: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "action": action, "target": seen, **more}


async def done(
    school: School,
    pool: Pool,
    gate: Any,
    html: str,
    *steps: dict[str, Any],
    patience_ms: float = 30_000,
    values: dict[str, str] | None = None,
    choices: dict[str, tuple[str, ...]] | None = None,
) -> tuple[Replayed, str]:
    """The steps on a page with values, the parameters of a skill, those of them with `choices`, and what the page
    noticed."""
    given, chosen = values or {}, choices or {}
    parameters = [
        {"name": name, "kind": "choice", "choices": [{"value": one} for one in chosen[name]], "question": "Which?"}
        if name in chosen
        else {"name": name, "kind": "text", "question": "Which?"}
        for name in given
    ]
    school.pages = {"/": LOG + html}
    base = f"http://shop.localhost:{school.port}"
    raw = {
        "format": 1, "name": "shown", "description": "Do it.", "base": base, "entry": {"url": "{site}/"},
        "origins": {"navigate": ["shop.localhost"]}, "utterances": ["do it"], "steps": steps, "parameters": parameters,
    }  # fmt: skip
    async with pool.context(navigate=(f"shop.localhost:{school.port}",)) as task:
        page = await task.new_page()
        result = await Replay(page, gate).run(
            parse_skill(json.dumps(raw).encode()), given, Deadline.after_ms(patience_ms)
        )
        return result, await page.playwright.inner_text("#log")


def leading(seen: Fingerprint, *page: Fingerprint) -> Step:
    return Step(id="new", action="click", target=Target(locators=(), fingerprint=remembered(seen, page)))


def filling(seen: Fingerprint) -> Step:
    return Step(id="title", action="fill", value="x", target=Target(locators=(), fingerprint=seen))


def test_a_link_to_what_was_not_there_before_only_leads() -> None:
    assert only_leads(leading(HERE, OTHER), filling(TITLE))
    assert only_leads(leading(HERE, OTHER), filling(replace(TITLE, name="{title}", label="{title}")))


def test_on_a_page_with_more_than_is_remembered_a_link_must_lead_to_another_address() -> None:
    many = tuple(replace(OTHER, name=f"Chore {number}", attributes={"href": f"/{number}"}) for number in range(150))
    link = leading(HERE, *many)
    assert not only_leads(link, filling(TITLE))
    assert only_leads(replace(link, postcondition=Condition(url="{site}/#/new")), filling(TITLE))


@pytest.mark.parametrize(
    ("link", "page", "after"),
    [
        (HERE, (OTHER, TITLE), TITLE),  # it stood there all the time
        (replace(HERE, role="button", tag="button"), (OTHER,), TITLE),  # a button may do more
        (replace(HERE, name="Choose {kind}"), (OTHER,), TITLE),  # a choice is needed
        (HERE, (), TITLE),  # nobody knows what stood there
    ],
)
def test_what_may_do_more_than_lead_is_always_needed(
    link: Fingerprint, page: tuple[Fingerprint, ...], after: Fingerprint
) -> None:
    assert not only_leads(leading(link, *page), filling(after))


@pytest.mark.e2e
@in_a_browser
async def test_a_link_that_leads_to_what_is_there_already_is_not_missed(
    school: School, pool: Pool, scripted_gate: Any
) -> None:
    others = remembered(HERE, (OTHER,)).others
    link = step("new", "click", target("link", "New chore", "a", others=others), postcondition={"url": "{site}/#/new"})
    title = step("title", "fill", target("textbox", "Title", "input"), value="Feed the ducks")
    page = "<label>Title <input onchange='say(value)'></label>"
    end = step("done", "press", target("textbox", "Title", "input"), value="Tab")
    result, log = await done(school, pool, scripted_gate(), page, link, title, end)
    assert (result.error, log) == (None, "Feed the ducks;")


@pytest.mark.e2e
@in_a_browser
async def test_a_page_that_came_to_have_another_address_is_known_by_what_is_done_next(
    school: School, pool: Pool, scripted_gate: Any
) -> None:
    opened = step("open", "click", target("button", "Open", "button"), postcondition={"url": "{site}/#/chore/*"})
    marked = step("mark", "click", target("button", "Mark", "button"))
    button = "<button onclick='say(\"marked\")'>Mark</button>"
    moves = '<button onclick=\'history.pushState({}, "", "/chore/7"); outerHTML = next.innerHTML\'>Open</button>'
    stays = moves.replace('history.pushState({}, "", "/chore/7");', "")
    template = f"<template id=next>{button}</template>"
    result, log = await done(school, pool, scripted_gate(), moves + template, opened, marked)
    assert (result.error, log) == (None, "marked;")
    result, log = await done(school, pool, scripted_gate(), stays + template, opened, marked, patience_ms=5_000)
    assert result.error is not None and log == ""


def test_a_route_after_a_hash_and_the_same_path_are_one() -> None:
    after_a_hash = Condition(url="http://shop.localhost/#/chore/*")
    assert after_a_hash.matches_route("http://shop.localhost/chore/7")
    assert Condition(url="http://shop.localhost/chore/*").matches_route("http://shop.localhost/#/chore/7")
    assert not after_a_hash.matches_route("http://shop.localhost/chores")


LIST = "<label>Collect at <select onchange='say(value)'><option>---<option>Station<option>Harbour</select></label>"
RADIOS = """<div><span>Collect at</span>
<input type=radio name=b id=s onchange="say('Station')"><label for=s>Station</label>
<input type=radio name=b id=h onchange="say('Harbour')"><label for=h>Harbour</label></div>"""


@pytest.mark.e2e
@in_a_browser
async def test_a_choice_is_made_also_when_it_is_drawn_another_way(
    school: School, pool: Pool, scripted_gate: Any
) -> None:
    chosen = step("at", "select", target("combobox", "Collect at", "select"), value="Harbour")
    result, log = await done(school, pool, scripted_gate(), RADIOS, chosen)
    assert (result.error, log) == (None, "Harbour;")
    radio = target("radio", "Harbour", "input", within=["group Collect at"], attributes={"type": "radio"})
    result, log = await done(school, pool, scripted_gate(), LIST, step("at", "check", radio))
    assert (result.error, log) == (None, "Harbour;")


def elements(*texts: str, at: str = "Collect at") -> list[Element]:
    """Two groups of radio buttons, each under its name."""
    found: list[Element] = []
    for group, name in enumerate((at, "Pay at")):
        holder = len(found)
        found.append(Element(ref=f"g{group}", tag="div", group=True))
        found.append(Element(ref=f"t{group}", tag="span", text=name, parent=holder))
        found += [Element(ref=f"{text}-{group}", tag="input", role="radio", name=text, parent=holder) for text in texts]
    return found


def test_of_two_groups_the_one_that_is_called_so_is_meant() -> None:
    taught = Fingerprint(role="combobox", label="Collect at", tag="select")
    assert redrawn("select", taught, "harbour", elements("Station", "Harbour")) == "Harbour-0"
    assert redrawn("select", taught, "harbour", elements("Station", "Harbour", at="Pay at")) == ""
    assert redrawn("select", replace(taught, label=""), "harbour", elements("Station", "Harbour")) == ""
    assert redrawn("fill", taught, "harbour", elements("Station", "Harbour")) == ""


def test_of_two_lists_the_one_that_is_called_so_is_meant() -> None:
    taught = Fingerprint(role="radio", name="Harbour", within=("group Branch", "form"))
    lists = [
        Element(ref=f"r{name}", tag="select", label=name, options=("Station", "Harbour")) for name in ("Branch", "Zone")
    ]
    assert redrawn("check", taught, "", lists) == "rBranch"
    assert redrawn("check", replace(taught, within=("group Town",)), "", lists) == ""
    assert redrawn("check", replace(taught, within=()), "", lists) == ""
    assert redrawn("check", replace(taught, within=()), "", lists[:1]) == "rBranch"


KINDS = ("Any", "Tent", "Stove", "Lamp")


def pressed(*texts: str, name: str = "", role: str = "link") -> list[Element]:
    """What is pressed to choose, after a button, perhaps under a name."""
    found = [Element(ref="go", tag="button", role="button", name="Go", acted=True)]
    if name:
        found.append(Element(ref="name", tag="h3", role="heading", text=name))
    holder = len(found)
    found.append(Element(ref="all", tag="div", group=True))
    found += [Element(ref=text, tag="a", role=role, name=text, parent=holder, acted=True) for text in texts]
    return found


@pytest.mark.parametrize(
    ("page", "chosen"),
    [
        (pressed("Everything", "Tents", "Stoves", "Lamps"), "Stoves"),
        (pressed("Everything", "Tents (12)", "Stoves (7)", "Lamps (3)"), "Stoves (7)"),
        (pressed("Tent", "Stove", "Lamp", name="What kind", role="button"), "Stove"),
        (pressed("Stove", "Boots", name="Kind"), ""),
        (pressed("Stove", "Boots", "Ropes", "Maps"), ""),  # another menu
        (pressed("Everything", "Tents", "Stoves", "Lamps", name="Spare parts for"), ""),
        (pressed("Tents", "Gas stoves", "Lamps"), ""),
        (pressed("Tents", "Stoves", "Lamps") + [Element(ref="2", tag="a", role="link", name="Stove")], "Stoves"),
    ],
)
def test_an_option_is_pressed_among_the_others_and_under_no_other_name(page: list[Element], chosen: str) -> None:
    taught = Fingerprint(role="combobox", label="Kind", tag="select")
    assert redrawn("select", taught, "Stove", page, KINDS) == chosen


def test_of_two_menus_that_offer_the_same_none_is_meant() -> None:
    taught = Fingerprint(role="combobox", label="Kind", tag="select")
    one, *more = pressed("Tents", "Stoves", "Lamps")
    other = [replace(element, parent=element.parent + 5 if element.parent >= 0 else -1) for element in (one, *more)]
    assert redrawn("select", taught, "Stove", [one, *more, *other], KINDS) == ""


def test_what_acts_when_it_is_pressed_chooses_nothing() -> None:
    taught = Fingerprint(role="combobox", label="Action", tag="select")
    acts = ("Print", "Archive", "Delete")
    assert redrawn("select", taught, "Delete", pressed(*acts, name="Action", role="button"), acts) == ""


def test_a_list_of_the_same_options_is_known_by_what_its_field_is_called() -> None:
    taught = Fingerprint(role="combobox", label="Sort by", tag="select")
    options = ("by date", "by price")
    lists = [
        Element(ref=name, tag="select", label="Order", hint=name, options=options) for name in ("sort", "page size")
    ]
    assert redrawn("select", taught, "Price", lists, ("Date", "Price")) == "sort"
    assert redrawn("select", taught, "Price", lists[1:], ("Date", "Price")) == ""
    assert redrawn("select", taught, "Price", lists, ("Date", "Price", "Weight")) == ""
    assert option_like("Price", options) == "by price"
    assert option_like("Price", ("Price", "by price")) == ""


def test_a_button_that_shows_what_was_chosen_is_not_needed_where_each_choice_led_to_a_page() -> None:
    kind = Step(id="kind", action="select", value="Tent")
    show = Step(id="show", action="click", target=Target(locators=(), fingerprint=Fingerprint(name="Show tents")))
    assert applies(show) and choices_of(show, (Step(id="go", action="goto"), kind)) == ("kind",)
    assert not applies(replace(show, target=Target(locators=(), fingerprint=Fingerprint(name="Put in cart"))))
    assert choices_of(show, (kind, Step(id="name", action="fill"))) == ()
    assert each_applied(("http://a/",), "http://a/?kind=tent")
    assert not each_applied(("http://a/",), "http://a/#tents")
    assert not each_applied(("http://a/", "http://a/?kind=tent"), "http://a/?kind=tent")


CHIPS = """<button>Go</button><div>
<button aria-pressed=false onclick="say('any')">Any</button>
<button aria-pressed=true onclick="say('tent')">Tents</button>
<button aria-pressed=false onclick="say('stove')">Stoves</button>
<button aria-pressed=false onclick="say('lamp')">Lamps</button></div>"""
OPENS = """<span id=k>Kind</span> <div role=combobox tabindex=0 aria-labelledby=k
onclick="list.hidden = false; say('opened')">Any</div>
<div role=listbox id=list hidden><div role=option onclick="say('tent')">Tent</div>
<div role=option onclick="say('stove')">Stove</div><div role=option onclick="say('lamp')">Lamp</div></div>"""


@pytest.mark.e2e
@in_a_browser
@pytest.mark.parametrize(
    ("page", "value", "chosen"),
    [
        (CHIPS, "Stove", "stove;"),
        (CHIPS, "Tent", ""),  # it is chosen already
        (OPENS, "Stove", "opened; stove;"),
        (
            "<div role=listbox aria-label=Gift><div role=option onclick=\"say('gift')\">Stove</div></div>" + OPENS,
            "Stove",
            "opened; stove;",
        ),
    ],
)
async def test_what_a_list_offered_is_chosen_where_the_page_draws_the_list_itself(
    page: str, value: str, chosen: str, school: School, pool: Pool, scripted_gate: Any
) -> None:
    kind = step("kind", "select", target("combobox", "Kind", "select"), value="{kind}")
    result, log = await done(school, pool, scripted_gate(), page, kind, values={"kind": value}, choices={"kind": KINDS})
    assert (result.error, log) == (None, chosen)


CARD = """<style>a { opacity: 0; pointer-events: none } div:hover a { opacity: 1; pointer-events: auto }</style>
<div><h4>Rope</h4><p>12 m</p><a href="#r" aria-label="Edit Rope" onclick="say('rope')">Edit</a></div>
<div><h4>Stove</h4><p>gas</p><a href="#s" aria-label="Edit Stove" onclick="say('stove')">Edit</a></div>"""


@pytest.mark.e2e
@in_a_browser
async def test_what_shows_under_the_mouse_is_found_though_its_row_became_a_card(
    school: School, pool: Pool, scripted_gate: Any
) -> None:
    row = target("row", "7 {thing} gas", "tr", text="7 {thing} gas")
    steps = (
        step("row", "hover", row, optional=True, effect="read"),
        step("edit", "click", target("button", "Edit {thing}", "button", attributes={"aria-label": "Edit {thing}"})),
    )
    result, log = await done(school, pool, scripted_gate(), CARD, *steps, values={"thing": "Stove"})
    assert (result.error, log) == (None, "stove;")
    twice = CARD + "<p>Stove</p>"
    result, log = await done(school, pool, scripted_gate(), twice, *steps, values={"thing": "Stove"}, patience_ms=5_000)
    assert (result.error is None, log) == (False, "")


BOXES = """<label><input type=checkbox onchange="say('2')"> Tent for 2{}90.00{}</label>
<label><input type=checkbox onchange="say('4')"> Tent for 4{}120.00{}</label>"""
FROM = (" from <b>", "</b>")
BELOW = ("<b style='display: block'>", "</b>")


@pytest.mark.e2e
@in_a_browser
@pytest.mark.parametrize(
    ("page", "ticked"),
    [
        (BOXES.format(*FROM, *FROM), "4;"),
        (BOXES.format(*BELOW, *BELOW), "4;"),
        (BOXES.format("<b>", "</b>", "<b>", "</b>"), ""),  # "Tent for 4120.00"
        (BOXES.replace("for 4", "for 44").format(*FROM, *FROM), ""),
    ],
)
async def test_a_box_is_the_one_of_its_name_though_its_price_runs_on_after_it(
    page: str, ticked: str, school: School, pool: Pool, scripted_gate: Any
) -> None:
    box = target("checkbox", "{tent}", "input", attributes={"type": "checkbox", "aria-label": "{tent}"})
    tick = step("tent", "check", box)
    result, log = await done(
        school, pool, scripted_gate(), page, tick, values={"tent": "Tent for 4"}, patience_ms=5_000
    )
    assert (result.error is None, log) == (ticked != "", ticked)


ASKS = "<button onclick=\"say(confirm('{}') ? 'deleted' : 'kept')\">Delete</button>"


@pytest.mark.e2e
@in_a_browser
@pytest.mark.parametrize(("asked", "said"), [("Are you sure?", "deleted;"), ("Delete all 7 drafts?", "kept;")])
async def test_a_bare_question_is_about_what_was_pressed_and_one_that_names_something_else_is_not(
    asked: str, said: str, school: School, pool: Pool, scripted_gate: Any
) -> None:
    delete = step(
        "delete", "click", target("button", "Delete", "button"), dialog={"accept": True, "message": "Delete draft 7?"}
    )
    result, log = await done(school, pool, scripted_gate(), ASKS.replace("{}", asked), delete, patience_ms=5_000)
    assert (result.error is None, log) == (said == "deleted;", said)


def test_signing_in_is_the_name_the_secrets_and_what_is_pressed_after_them() -> None:
    steps = [
        Step(id="cookies", action="click"),
        Step(id="email", action="fill", value="ada@leveret.example"),
        Step(id="password", action="fill", secret="shop"),
        Step(id="sign-in", action="click"),
        Step(id="search", action="fill", value="x"),
    ]
    assert [one.id for one in signing_in(steps)] == ["email", "password", "sign-in"]
