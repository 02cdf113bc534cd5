"""Demonstrations written by hand, as the recorder would have seen them, for tests."""

from __future__ import annotations

from typing import Any

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.demonstration import Change, Demonstration, Option, Shown, ShownStep
from teach_mode.skill import Target

BASE = "http://shop.localhost:8123"
MADE_AT = "2026-11-23T14:00"


def role(kind: str, name: str) -> Locator:
    return Locator(kind=LocatorKind.ROLE, value=kind, name=name, exact=True)


def css(selector: str) -> Locator:
    return Locator(kind=LocatorKind.CSS, value=selector)


def element(kind: str, name: str, *selectors: str, options: tuple[Option, ...] = (), **seen: Any) -> Shown:
    """An element of a role and name; `seen` is the rest of its fingerprint."""
    tags = {"button": "button", "link": "a", "combobox": "select"}
    fingerprint = Fingerprint(role=kind, name=name, tag=seen.pop("tag", tags.get(kind, "input")), **seen)
    locators = (role(kind, name), *map(css, selectors)) if name else tuple(map(css, selectors))
    return Shown(
        target=Target(locators=locators, fingerprint=fingerprint),
        kind=fingerprint.attributes.get("type", ""),
        options=options,
    )


def button(name: str, **more: Any) -> Shown:
    return element("button", name, f"button[title='{name}']", text=name, **more)


def field(label: str, name: str, **attributes: str) -> Shown:
    return element(
        "textbox", label, f"input[name='{name}']", label=label, attributes={"name": name, "type": "text"} | attributes
    )


def radio(name: str, value: str, label: str, options: tuple[Option, ...], kind: str = "radio") -> Shown:
    return element(
        kind,
        label,
        f"input[name='{name}'][value='{value}']",
        label=label,
        attributes={"name": name, "type": kind, "value": value},
        options=options,
    )


def options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, text=text) for value, text in pairs)


def steps(*acts: tuple[Any, ...]) -> tuple[ShownStep, ...]:
    """(action, shown, value, change) each; value and change may be left out."""
    made = []
    url = f"{BASE}/"
    for number, (action, shown, *rest) in enumerate(acts, 1):
        value = next((one for one in rest if isinstance(one, str)), "")
        change = next((one for one in rest if isinstance(one, Change)), Change())
        made.append(
            ShownStep(
                id=f"s{number}", action=action, url=url, shown=shown, value=value, change=change, at_ms=number * 1000
            )
        )
        url = change.url or url
    return tuple(made)


def demonstration(sentence: str, *acts: tuple[Any, ...]) -> Demonstration:
    return Demonstration(
        format=1, sentence=sentence, base=BASE, made_at=MADE_AT, steps=steps(*acts), navigated=("shop.localhost",)
    )


def went(path: str, *appeared: Locator, left: tuple[Locator, ...] = ()) -> Change:
    return Change(url=f"{BASE}{path}" if path else "", appeared=appeared, left=left)


KINDS = options(
    ("/pizza/margherita", "Choose Margherita"),
    ("/pizza/pepperoni", "Choose Pepperoni"),
    ("/pizza/quattro-formaggi", "Choose Quattro Formaggi"),
)
SIZES = options(("small", "Small"), ("medium", "Medium"), ("large", "Large"))
TOPPINGS = options(("olives", "Olives"), ("extra-cheese", "Extra cheese"), ("bacon", "Bacon"))
COUNTS = options(("1", "1"), ("2", "2"), ("3", "3"))
CARD = Change(url=f"{BASE}/cart", left=(role("link", "Cart 0"),), appeared=(role("link", "Cart 1"),))


def kind(slug: str, title: str) -> tuple[Any, ...]:
    shown = element(
        "link",
        f"Choose {title}",
        f"a.button[href='/pizza/{slug}']",
        options=KINDS,
        text="Choose",
        attributes={"href": f"/pizza/{slug}", "aria-label": f"Choose {title}"},
        neighbours=("from 9.50", title, "Our pizzas"),
    )
    return ("click", shown, went(f"/pizza/{slug}"))


def size(value: str) -> tuple[Any, ...]:
    return ("check", radio("size", value, value.title(), SIZES))


def topping(value: str) -> tuple[Any, ...]:
    return ("check", radio("topping", value, value.replace("-", " ").capitalize(), TOPPINGS, "checkbox"))


def order(address: str = "Elm Street 5") -> tuple[tuple[Any, ...], ...]:
    """From the cart to the order."""
    pay = button(
        "Order and pay", neighbours=("Change details", "Total31.00", f"Delivered to {address} Name Ada Example")
    )
    return (
        ("click", button("Add to cart"), CARD),
        ("fill", field("Name", "name", autocomplete="name"), "Ada Example"),
        ("fill", field("Address", "address", autocomplete="street-address"), address),
        ("click", button("Continue to review"), went("/review")),
        ("click", pay, went("/orders/P-1001")),
    )


DAYS = options(*((str(day), str(day)) for day in range(1, 31)))
PEOPLE = options(("1", "1 person"), ("2", "2 people"), ("3", "3 people"), ("4", "4 people"))


def people(text: str) -> tuple[Any, ...]:
    shown = element("combobox", "People", "select[name='people']", label="People", options=PEOPLE)
    return ("select", shown, text)


def day(number: str, full: str = "", month: str = "") -> tuple[Any, ...]:
    """A cell of a calendar: named in full, or by its number below the name of the month."""
    near = (f"Previous month {month} Next month",) if month else ()
    return (
        "click",
        element("button", full or number, text=number, options=DAYS, neighbours=(*near, "1 2 3 4 5 6 7 8 9")),
    )


def next_month(to: str) -> tuple[Any, ...]:
    return ("click", button("Next month"), Change(appeared=(role("heading", to),)))


def at(hour: str) -> tuple[Any, ...]:
    return ("click", button(hour, options=options(("", "18:00"), ("", "18:30"), ("", "19:00"), ("", "20:00"))))


def book() -> tuple[tuple[Any, ...], ...]:
    """From the table to the booking."""
    return (
        ("fill", field("Phone", "phone", type="tel"), "555 0100 22"),
        ("click", button("Confirm booking", neighbours=("People 2",)), went("/bookings/B-501")),
    )
