"""Demonstrations written by hand, as steps."""

from __future__ import annotations

import pytest

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.demonstration import Change, Demonstration, Dialog, Shown, ShownStep
from teach_mode.skill import DialogAnswer, Target
from teach_mode.templates import render, render_all, render_url
from teach_mode.verbatim import pattern, steps_of

BASE = "http://shop.localhost"
HOME = "http://shop.localhost:8123/"


def shown(name: str = "Pay", frame: tuple[str, ...] = ()) -> Shown:
    way = Locator(kind=LocatorKind.ROLE, value="button", name=name, exact=True)
    return Shown(target=Target(locators=(way,), fingerprint=Fingerprint(role="button", name=name, frame=frame)))


def heading(name: str) -> Locator:
    return Locator(kind=LocatorKind.ROLE, value="heading", name=name, exact=True)


def demonstration(*steps: ShownStep) -> Demonstration:
    return Demonstration(format=1, sentence="buy", base=BASE, made_at="2026-11-23T14:00", steps=steps)


def only(**more: object) -> ShownStep:
    return ShownStep(**{"id": "step-1", "action": "click", "url": HOME, "shown": shown(), **more})  # type: ignore[arg-type]


def test_what_was_typed_and_gone_to_stands_for_itself() -> None:
    go = ShownStep(id="step-1", action="goto", url="about:blank", value=HOME + "search?q=a%20b")
    fill = ShownStep(id="step-2", action="fill", url=HOME, value="{name}", shown=shown("{x}"))
    away = ShownStep(id="step-3", action="goto", url=HOME, value="https://pay.example/in", tab="tab-2")
    first, second, third = steps_of(demonstration(go, fill, away))
    assert render_url(first.value, {"site": "http://shop.localhost:9"}) == "http://shop.localhost:9/search?q=a%20b"
    assert (first.effect, render(second.value, {}), third.value) == ("read", "{name}", "https://pay.example/in")
    assert second.target is not None and render_all(second.target, {}) == shown("{x}").target
    assert third.tab == "tab-2"


def test_a_secret_is_named_by_its_kind_and_has_no_value() -> None:
    [code] = steps_of(demonstration(only(action="fill", secret="one_time_code")))
    assert (code.secret, code.one_time, code.value) == ("one_time_code", True, "")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (HOME + "cart", "{site}/cart"),
        (HOME + "cart?added=7#top", "{site}/cart*"),
        (HOME + "orders/P-1001/done", "{site}/orders/*/done"),
        (HOME + "app#/inbox/12", "{site}/app#/inbox/*"),
        (HOME + "app?v=2#/inbox", "{site}/app*#/inbox"),
        ("https://pay.example/in", "https://pay.example/in"),
    ],
)
def test_an_address_becomes_a_pattern_that_fits_it_again(url: str, wanted: str) -> None:
    assert pattern(url, BASE) == wanted
    at_home = render(wanted, {"site": HOME.rstrip("/")})
    assert Condition(url=at_home).matches_url(url)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (Change(url=HOME + "cart", appeared=(heading("Cart"),)), Condition(url="{site}/cart")),
        (
            Change(url=HOME + "?page=2", appeared=(heading("Two"),)),
            Condition(visible=(heading("Two"),), frame=("name=a",)),
        ),
        (
            Change(appeared=(heading("Order 7"), heading("Thanks"))),
            Condition(visible=(heading("Thanks"),), frame=("name=a",)),
        ),
        (Change(left=(heading("Draft"),)), Condition(hidden=(heading("Draft"),), frame=("name=a",))),
        (Change(left=(heading("Draft"),), popup="tab-2"), None),
        (Change(), None),
    ],
)
def test_what_changed_is_looked_for_after_the_step(change: Change, wanted: Condition | None) -> None:
    [step] = steps_of(demonstration(only(change=change, shown=shown(frame=("name=a",)))))
    assert step.postcondition == wanted


def test_the_dialog_that_asks_is_answered_as_it_was() -> None:
    said = Dialog(kind="alert", message="Hi", accepted=True)
    asked = Dialog(kind="prompt", message="Name {1}?", accepted=True, text="Ada")
    leaving = Dialog(kind="beforeunload", message="", accepted=True)
    [step] = steps_of(demonstration(only(change=Change(dialogs=(leaving, said, asked)))))
    assert step.dialog == DialogAnswer(accept=True, text="Ada", message="Name {{1}}?")
    [step] = steps_of(demonstration(only(change=Change(dialogs=(leaving,)))))
    assert step.dialog is None


def test_tabs_and_files_get_names() -> None:
    steps = steps_of(demonstration(only(change=Change(popup="tab-2")), only(id="b", change=Change(download="a.pdf"))))
    assert [(step.opens, step.downloads) for step in steps] == [("tab-2", ""), ("", "file_1")]


def test_an_empty_query_at_the_end_of_an_address_changes_nothing() -> None:
    condition = Condition(url="http://shop.example/soup")
    assert condition.matches_url("http://shop.example/soup?") and condition.matches_url("http://shop.example/soup#")
    assert not condition.matches_url("http://shop.example/soup?size=l")
