"""Locators of a script as chains: `page.get_by_role("row").filter(has_text="A-1").first`. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from teach_mode.formats.playwright.chains import MOST_PARTS, Chain, Engine, Part, Words, weight
from teach_mode.formats.playwright.scripts.telling import Args, as_text
from teach_mode.formats.playwright.scripts.values import Element, Number, Pattern, Tab, Value
from teach_mode.formats.playwright.selectors import MOST_CHARS, parse

_BY: dict[str, tuple[Engine, str]] = {
    "get_by_label": ("label", "text"),
    "get_by_placeholder": ("placeholder", "text"),
    "get_by_alt_text": ("alt", "text"),
    "get_by_title": ("title", "text"),
    "get_by_text": ("text", "text"),
    "get_by_test_id": ("testid", "test_id"),
}
_STATES = ("checked", "disabled", "expanded", "level", "pressed", "selected")
LOCATORS = frozenset(
    (
        *_BY,
        "get_by_role",
        "locator",
        "frame_locator",
        "filter",
        "nth",
        "and_",
        "or_",
        "query_selector",
        "frame",
        "describe",
    )
)
PROPERTIES = frozenset(("first", "last", "content_frame"))


class NoLocator(ValueError):
    """What a call of a locator is given is not known without running the script; the message says what."""


def located(of: Tab | Element, method: str, args: Args) -> Element:
    """The element that a call names. Raises NoLocator, SelectorUnreadable."""
    tab, chain = (of.name, ()) if isinstance(of, Tab) else (of.tab, of.chain)
    return Element(tab, _followed(chain, _parts(method, args, chain)))


def picked(of: Element, name: str) -> Element:
    """`.first`, `.last`, `.content_frame`."""
    if name == "content_frame":
        return Element(of.tab, (*of.chain, Part(engine="frame", source="enter")))
    return Element(of.tab, _followed(of.chain, (Part(engine="nth", nth=0 if name == "first" else -1),)))


def _followed(chain: Chain, more: Chain) -> Chain:
    """One behind the other; which one of several frames is meant stands before it is entered."""
    if weight(chain) + weight(more) > MOST_PARTS:
        raise NoLocator(f"it is made of more than {MOST_PARTS} parts")
    if chain and chain[-1].engine == "frame" and more and more[0].engine == "nth":
        return (*chain[:-1], *more, chain[-1])
    return chain + more


def _parts(method: str, args: Args, chain: Chain) -> Chain:
    if method in _BY:
        engine, name = _BY[method]
        exact = args.is_true("exact") or engine == "testid"
        return (Part(engine=engine, text=_words(args.at(0, name), exact, method)),)
    match method:
        case "get_by_role":
            return (_role(args),)
        case "nth":
            number = args.number(0, "index")
            if number is None:
                raise NoLocator("which one of several is meant is not said in so many words")
            return (Part(engine="nth", nth=number),)
        case "filter":
            return _filters(args)
        case "and_" | "or_":
            return (_nested("and" if method == "and_" else "or", args.at(0, "locator"), chain),)
        case "frame_locator":
            return (*_selector(args), Part(engine="frame", source="enter"))
        case "frame":
            return _frame(args)
        case "describe":
            return ()
        case _:
            of = args.at(0, "selector_or_locator")
            if isinstance(of, Element):
                return (_nested("chain", of, chain), *_filters(args.without_first()))
            return (*_selector(args), *_filters(args.without_first()))


def _selector(args: Args) -> Chain:
    text = args.text(0, "selector")
    if text is None:
        raise NoLocator("the selector is not said in so many words")
    return parse(text)


def _frame(args: Args) -> Chain:
    name, url = args.text(0, "name"), as_text(args.named.get("url"))
    if name is not None:
        return (Part(engine="css", source=f'iframe[name="{name}"]'), Part(engine="frame", source="enter"))
    if url is not None and "*" not in url:
        return (Part(engine="css", source=f'iframe[src="{url}"]'), Part(engine="frame", source="enter"))
    raise NoLocator("the frame's name is not said in so many words")


def _role(args: Args) -> Part:
    role = args.text(0, "role")
    if role is None:
        raise NoLocator("the role is not said in so many words")
    name = args.named.get("name")
    words = _words(name, args.is_true("exact"), "get_by_role") if name is not None else None
    states = tuple((key, str(one.value).lower()) for key in _STATES if isinstance(one := args.named.get(key), Number))
    return Part(engine="role", source=role, text=words, states=states)


def _filters(args: Args) -> Chain:
    """What `has_text=` and its kin ask for."""
    found: list[Part] = []
    texts: tuple[tuple[str, Engine], ...] = (("has_text", "has-text"), ("has_not_text", "has-not-text"))
    for key, engine in texts:
        if (value := args.named.get(key)) is not None:
            found.append(Part(engine=engine, text=_words(value, False, key)))
    inner: tuple[tuple[str, Engine], ...] = (("has", "has"), ("has_not", "has-not"))
    for key, engine in inner:
        if (value := args.named.get(key)) is not None:
            found.append(_nested(engine, value, ()))
    if (value := args.named.get("visible")) is not None:
        if not isinstance(value, Number) or value.value is not True:
            raise NoLocator("it asks for what is not to be seen")
        found.append(Part(engine="visible"))
    return tuple(found)


def _nested(engine: Engine, value: Value | None, outer: Chain) -> Part:
    inner = _inner(value, outer)
    return Part(engine=engine, inner=inner, weight=1 + weight(inner))


def _inner(value: Value | None, outer: Chain) -> Chain:
    """A locator within another one; the frame that both are in is said once."""
    if not isinstance(value, Element) or not value.chain:
        raise NoLocator("a locator inside of it is not known")
    chain = value.chain
    at = max((number for number, part in enumerate(outer) if part.engine == "frame"), default=-1)
    if at >= 0 and chain[: at + 1] == outer[: at + 1]:
        chain = chain[at + 1 :]
    if any(part.engine == "frame" for part in chain):
        raise NoLocator("a locator inside of it leads into another frame")
    return chain


def _words(value: Value | None, exact: bool, method: str) -> Words:
    if isinstance(value, Pattern):
        return Words(text=value.source, exact=not value.any_case, pattern=True)
    text = as_text(value)
    if text is None:
        raise NoLocator(f"what {method} looks for is not said in so many words")
    if len(text) > MOST_CHARS:
        raise NoLocator(f"what {method} looks for has more than {MOST_CHARS:,} characters")
    return Words(text=text, exact=exact)


def saying(of: Element, value: Value | None, *, exact: bool) -> Element:
    """The element, if it says this. Raises NoLocator."""
    words = _words(value, exact, "has_text")
    return replace(of, chain=(*of.chain, Part(engine="has-text", text=words)))
