"""A chain as one XPath, for what a skill's own locators cannot say: something inside something else. Pure.

Roles, labels and texts are told by what usually makes them. All texts are templates, and stay so.
"""

from __future__ import annotations

from string import ascii_lowercase

from teach_mode.formats.playwright import css
from teach_mode.formats.playwright.chains import Chain, Part, Words, written
from teach_mode.formats.playwright.patterns import plain_words
from teach_mode.formats.xpaths import xpath_text
from teach_mode.templates import places_in

_TYPED = "not(@type) or contains('|text|email|tel|url|', concat('|', @type, '|'))"
_PRESSED = "contains('|button|submit|reset|image|', concat('|', @type, '|'))"
_ROLES: dict[str, str] = {
    "alert": "",
    "article": "self::article",
    "banner": "self::header",
    "blockquote": "self::blockquote",
    "button": f"self::button or self::summary or (self::input and {_PRESSED})",
    "cell": "self::td",
    "checkbox": "self::input and @type='checkbox'",
    "code": "self::code",
    "columnheader": "self::th and not(@scope='row')",
    "combobox": "self::select and not(@multiple) or (self::input and @list)",
    "complementary": "self::aside",
    "contentinfo": "self::footer",
    "definition": "self::dd",
    "dialog": "self::dialog",
    "figure": "self::figure",
    "form": "self::form",
    "group": "self::fieldset or self::details",
    "heading": "self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6",
    "img": "self::img",
    "link": "(self::a or self::area) and @href",
    "list": "self::ul or self::ol or self::menu",
    "listbox": "self::select and @multiple",
    "listitem": "self::li",
    "main": "self::main",
    "menu": "",
    "menuitem": "",
    "navigation": "self::nav",
    "option": "self::option",
    "paragraph": "self::p",
    "progressbar": "self::progress",
    "radio": "self::input and @type='radio'",
    "region": "self::section and (@aria-label or @aria-labelledby)",
    "row": "self::tr",
    "rowgroup": "self::tbody or self::thead or self::tfoot",
    "rowheader": "self::th and @scope='row'",
    "search": "self::search",
    "searchbox": "self::input and @type='search'",
    "separator": "self::hr",
    "slider": "self::input and @type='range'",
    "spinbutton": "self::input and @type='number'",
    "status": "self::output",
    "strong": "self::strong",
    "switch": "",
    "tab": "",
    "table": "self::table",
    "tabpanel": "",
    "term": "self::dfn or self::dt",
    "textbox": f"self::textarea or (self::input and ({_TYPED})) or @contenteditable='true'",
    "tree": "",
    "treeitem": "",
}
_FIELDS = frozenset(
    ("checkbox", "combobox", "listbox", "radio", "searchbox", "slider", "spinbutton", "switch", "textbox")
)
_TITLED = frozenset(("article", "dialog", "form", "group", "region", "table"))
_STATES: dict[tuple[str, str], str] = {
    ("disabled", "true"): "@disabled or @aria-disabled='true'",
    ("disabled", "false"): "not(@disabled) and not(@aria-disabled='true')",
    ("expanded", "true"): "@aria-expanded='true'",
    ("expanded", "false"): "@aria-expanded='false'",
    ("pressed", "true"): "@aria-pressed='true'",
    ("pressed", "false"): "@aria-pressed='false'",
    ("selected", "true"): "@aria-selected='true'",
    ("selected", "false"): "not(@aria-selected='true')",
}
_SPACES = " \t\n\r\xa0"
_SILENT = "not(self::script or self::style or self::head or self::title)"
_LABELLED = (
    "self::input or self::textarea or self::select or self::button or self::meter or self::output or self::progress"
)


class NoPath(ValueError):
    """A part that no XPath stands for; the message says which."""


def path_of(chain: Chain, root: str = "") -> str:
    """The XPath of a chain without frames, from `root` ("." for what is inside an element). Raises NoPath."""
    path = root
    for part in chain:
        match part.engine:
            case "nth":
                place = "last()" if part.nth == -1 else str(part.nth + 1)
                if part.nth < -1:
                    raise NoPath(f"nth={part.nth} counts from the end")
                path = f"({path})[{place}]"
            case "has-text" | "has-not-text" | "has" | "has-not" | "and":
                path += f"[{_filter(part)}]"
            case "visible":
                continue  # What is not to be seen is never meant by a skill.
            case "or":
                path = f"({path} | {path_of(part.inner, root)})"
            case "chain":
                path = path_of(part.inner, path)
            case "xpath":
                path += _xpath(part.source, bool(path))
            case "frame":
                raise NoPath("a frame stands in a chain")
            case "css":
                path = _css(part.source, path)
            case _:
                path += f"//*[{_test(part)}]"
    return path


def _xpath(source: str, inside: bool) -> str:
    if not inside:
        return source
    if source.startswith("/"):
        return source
    if source.startswith(("(", "id(")):
        raise NoPath(f"{source!r} cannot be looked for inside something")
    return "/" + source


def _css(source: str, path: str) -> str:
    try:
        ways = css.paths(source)
    except css.CssUnreadable as error:
        raise NoPath(str(error)) from error
    if len(ways) == 1:
        return path + ways[0]
    return "(" + " | ".join(path + way for way in ways) + ")"


def _filter(part: Part) -> str:
    match part.engine:
        case "has-text" | "has-not-text":
            said = _says(".", _plain(part))
            return said if part.engine == "has-text" else f"not({said})"
        case "and":
            return _self(part.inner)
        case _:
            inner = path_of(part.inner, ".")
            return inner if part.engine == "has" else f"not({inner})"


def _self(chain: Chain) -> str:
    """What an element must be like to be named by a chain of one part."""
    first, *filters = chain
    if first.engine in ("css", "xpath", "nth", "chain", "or", "frame"):
        tests = css.tests(first.source) if first.engine == "css" else None
        if tests is None:
            raise NoPath(f"{written(chain)!r} is more than one element is like")
    else:
        tests = _test(first)
    for part in filters:
        if part.engine not in ("has-text", "has-not-text", "has", "has-not", "and"):
            raise NoPath(f"{written(chain)!r} is more than one element is like")
        tests = f"({tests}) and ({_filter(part)})"
    return tests


def _plain(part: Part) -> tuple[Words, ...]:
    if part.text is None:
        return ()
    if not part.text.pattern:
        return (part.text,)
    words, _ = plain_words(part.text)
    if not words:
        raise NoPath(f"the pattern /{part.text.text}/ holds no words")
    return words


def _test(part: Part) -> str:
    words = _plain(part)
    match part.engine:
        case "role":
            return _role(part, words)
        case "label":
            return _label(words)
        case "placeholder" | "alt" | "title":
            return _says(f"@{part.engine}", words)
        case "testid":
            return _says("@data-testid", tuple(Words(text=one.text, exact=True) for one in words))
        case "text":
            said = _says(".", words)
            pressed = f"self::input and {_PRESSED} and {_says('@value', words)}"
            return f"({said}) and {_SILENT} and not(.//*[{said}]) or {pressed}"
        case _:
            raise NoPath(f"{part.engine} names nothing by itself")


def _role(part: Part, words: tuple[Words, ...]) -> str:
    usual = _ROLES.get(part.source, "")
    test = f"@role={xpath_text(part.source)}"
    if usual:
        test = f"({test} or not(@role) and ({usual}))"
    for state, value in part.states:
        if state == "level" and part.source == "heading" and value.isdigit():
            test = f"{test} and (self::h{value} or @aria-level={xpath_text(value)})"
        elif (state, value) in _STATES:
            test = f"{test} and ({_STATES[state, value]})"
        elif state not in ("include-hidden", "includeHidden", "checked"):
            raise NoPath(f"[{state}={value}] is nothing that can be looked for")
    if not words:
        return test
    if part.source in _FIELDS:
        named = f"{_label(words)} or {_says('@placeholder | @title', words)}"
    elif part.source in _TITLED:
        named = f"{_says('@aria-label | .//legend | .//caption | .//h1 | .//h2 | .//h3', words)} or {_by(words)}"
    else:
        named = _says(". | @aria-label | @value | @title | @alt | .//img/@alt", words, spaces=False)
    return f"{test} and ({named})"


def label_path(words: tuple[Words, ...]) -> str:
    """The XPath of a field by all that its label holds, also the options of a list in it. Spaces do not count."""
    return f"//*[{_label(words, spaces=False)}]"


def _label(words: tuple[Words, ...], *, spaces: bool = True) -> str:
    said = _says(".", words, spaces=spaces)
    own = f"({_LABELLED}) and (ancestor::label[{said}] or @id=//label[{said}]/@for)"
    return f"{own} or {_says('@aria-label', words, spaces=spaces)} or {_by(words)}"


def _by(words: tuple[Words, ...]) -> str:
    return f"@aria-labelledby=//*[{_says('.', words)}]/@id"


def _says(nodes: str, words: tuple[Words, ...], *, spaces: bool = True) -> str:
    """Whether one of the nodes says one of the words. Without `spaces` they do not count: cells and blocks stand apart
    in an element's name, and not in its text."""
    test = " or ".join(_one(one, spaces or bool(places_in(one.text))) for one in words)
    if nodes == ".":
        return test
    return f"({nodes})[{test}]" if "|" in nodes else f"{nodes}[{test}]"


def _one(words: Words, spaces: bool) -> str:
    wanted = (" " if spaces else "").join(words.text.split())
    said = "normalize-space(.)" if spaces else f"translate(., '{_SPACES}', '')"
    if words.exact:
        return f"{said}={xpath_text(wanted)}"
    lower = _lowered(wanted)
    letters = {char for char in lower if len(char.upper()) == 1 and char.upper() != char}
    letters |= set(ascii_lowercase) if places_in(wanted) else set()
    plain = "".join(sorted(letters))
    if not spaces:
        said = f"translate(., '{plain.upper()}{_SPACES}', '{plain}')"
    elif plain:
        said = f"translate(normalize-space(.), '{plain.upper()}', '{plain}')"
    return f"contains({said}, {xpath_text(lower)})"


def _lowered(template: str) -> str:
    """The template in lower case, its values, too."""
    text = template
    parts = []
    for place in places_in(template):
        before, _, text = text.partition(place)
        parts += [before.lower(), place[:-1] + "|lower}"]
    return "".join([*parts, text.lower()])
