"""Acts folded into steps, without a browser."""

from __future__ import annotations

from typing import Any

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.demonstration import Dialog
from teach_mode.heard import Acted, Changed, Described, Valued
from teach_mode.showing import Showing, Where

HERE = Where(tab="", url="http://shop.example/", frame=(), document=(1, 1))
ELSEWHERE = Where(tab="", url="http://shop.example/", frame=("name=pay",), document=(1, 2))
HEADING = (Locator(kind=LocatorKind.ROLE, value="heading", name="Paid"),)


def field(name: str = "q") -> Described:
    seen = Fingerprint(role="textbox", name=name, attributes={"name": name})
    return Described(seen=seen, locators=(Locator(kind=LocatorKind.LABEL, value=name),), box=(0, 0, 10, 10))


def act(n: int, kind: Any = "click", **more: Any) -> Acted:
    return Acted(n=n, kind=kind, el=field(), **more)


def test_typing_goes_on_in_the_same_step_and_takes_the_place_of_the_click_before() -> None:
    showing = Showing()
    showing.acted(act(1), HERE, 0)
    showing.acted(act(2, "fill", value="t", over=1), HERE, 5)
    told = showing.valued(Valued(n=2, value="tea"), HERE)
    assert told is not None and (told.id, told.action, told.value) == ("step-1", "fill", "tea")
    assert showing.steps == [told]
    assert showing.valued(Valued(n=7, value="x"), HERE) is None


def test_a_field_that_turns_out_to_be_secret_loses_its_value() -> None:
    showing = Showing()
    showing.acted(act(1, "fill", value="open"), HERE, 0)
    told = showing.valued(Valued(n=1, value="open sesame", secret="password"), HERE)
    assert told is not None and (told.value, told.secret) == ("", "password")
    again = showing.valued(Valued(n=1, value="open sesame"), HERE)
    assert again is not None and (again.value, again.secret) == ("", "password")


def test_what_came_after_a_later_step_in_another_document_belongs_to_nobody() -> None:
    showing = Showing()
    showing.acted(act(1), HERE, 0)
    assert showing.changed(Changed(n=1, appeared=HEADING), HERE) is not None
    assert showing.changed(Changed(n=1, appeared=HEADING), HERE) is None
    showing.acted(act(1), ELSEWHERE, 0)
    assert showing.changed(Changed(n=1, appeared=()), HERE) is None
    assert [step.change.appeared for step in showing.steps] == [HEADING, ()]
    assert [step.shown.target.fingerprint.frame for step in showing.steps if step.shown] == [(), ("name=pay",)]


def test_what_happens_to_a_tab_belongs_to_the_last_step_in_it() -> None:
    showing = Showing()
    showing.went("", "about:blank", "http://ada:pw@shop.example/", 0)
    showing.acted(act(1), HERE, 1)
    showing.opened("", "tab-2")
    showing.acted(act(1), Where(tab="tab-2", url="http://shop.example/more", frame=(), document=(2, 1)), 2)
    showing.asked("", Dialog(kind="alert", message="Hi", accepted=True))
    showing.navigated("tab-2", "http://shop.example/end")
    showing.downloaded("", "../x.pdf")
    showing.closed("tab-2", "http://shop.example/end", 3)
    showing.navigated("tab-2", "http://shop.example/late")
    first, click, more, close = showing.steps
    assert first.value == first.change.url == "http://shop.example/"
    assert (click.change.popup, click.change.download, click.change.dialogs[0].message) == ("tab-2", "x.pdf", "Hi")
    assert more.change.url == "http://shop.example/end"
    assert (close.action, close.change.url) == ("close", "")


def test_a_picture_that_comes_late_makes_no_step_the_last_one() -> None:
    showing = Showing()
    showing.acted(act(1), HERE, 0)
    showing.acted(act(2), HERE, 1)
    assert showing.pictured("step-1", "step-1.jpg") is not None
    asked = showing.asked("", Dialog(kind="confirm", message="Sure?", accepted=True))
    assert asked is not None and asked.id == "step-2"


def test_a_tab_opened_by_hand_is_a_step_of_the_first_tab() -> None:
    showing = Showing()
    step = showing.went("tab-2", "about:blank", "http://shop.example/", 0, opens="tab-2")
    assert (step.action, step.tab, step.change.popup) == ("goto", "", "tab-2")
    moved = showing.navigated("tab-2", "http://shop.example/home")
    assert moved is not None and moved.change.url == "http://shop.example/home"


def test_addresses_hide_what_was_typed_into_secret_fields() -> None:
    showing = Showing()
    showing.learn_secrets(["pass"])
    assert showing.clean("http://a.example/in?user=ada&pass=pw#top") == "http://a.example/in?user=ada#top"
    assert showing.clean("http://a.example/in?q=a+b") == "http://a.example/in?q=a+b"
