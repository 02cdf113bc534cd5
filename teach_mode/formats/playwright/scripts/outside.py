"""What of Python itself and its library a script calls: patterns, the environment, texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import ascii_letters

from browser.conditions import Condition
from teach_mode.formats.playwright.scripts.telling import (
    MAYBE,
    MOST_TEXT_CHARS,
    Args,
    Telling,
    as_text,
    made_text,
    texts_of,
)
from teach_mode.formats.playwright.scripts.values import (
    Element,
    Expected,
    Fact,
    Items,
    ListOf,
    Number,
    Outside,
    Pairs,
    Part,
    Pattern,
    Read,
    Tab,
    Text,
    Unknown,
    Value,
)
from teach_mode.templates import FILTERS, places_in, render

_MOST_ITEMS = 1_000
# Of an exported script: a filter of a template, as a function, and what else it brings along.
OURS = re.compile(r"as_(?:text|url|address|" + "|".join(FILTERS) + ")")
_FILTER = re.compile(r"as_([a-z]+)")
_PAUSES = frozenset(("time.sleep", "asyncio.sleep", "sleep"))


def outside_call(name: str, args: Args, tell: Telling) -> Value:
    """A call of what the script does not define."""
    last = name.rpartition(".")[2]
    filtered = _FILTER.fullmatch(last)
    if filtered and filtered[1] in FILTERS:
        return apply_filter(filtered[1], args)
    if last in ("as_text", "as_url"):
        return _same(args)
    if last == "as_address":
        return Text(text) if (text := args.text(0)) is not None else _same(args)
    if last in ("fnmatch", "fnmatchcase"):
        return _glob(args)
    if name in ("re.compile", "compile"):
        return _pattern(args)
    if name in _PAUSES:
        return tell.left_out(args, "sleep", "each step waits for its element")
    if last in ("getenv",) or name in ("os.environ.get", "environ.get"):
        key = args.text(0, "key")
        return Text(args.text(1, "default") or "", env=key) if key else Unknown("which variable is not said")
    simple: dict[str, Callable[[Args], Value]] = {
        "expect": lambda given: Expected(given.at(0, "actual") or Number(None)),
        "soft": lambda given: Expected(given.at(0, "actual") or Number(None)),
        "str": lambda given: Text(text) if (text := given.text(0)) is not None else _same(given),
        "int": _same,
        "float": _same,
        "list": _same,
        "tuple": _same,
        "Path": lambda given: given.given[-1] if given.given else Unknown("a path"),
        "run": _same,
        "gather": lambda given: Items(given.given),
        "range": _range,
        "len": lambda given: Number(len(one.items)) if isinstance(one := given.at(0), Items) else Unknown("its length"),
        "enumerate": _enumerated,
        "zip": _zipped,
        "join": lambda given: given.given[-1] if given.given else Unknown("a path"),
        "sync_playwright": lambda given: Part("playwright"),
        "async_playwright": lambda given: Part("playwright"),
        "start": lambda given: Part("playwright"),
    }
    if last in simple and (last not in ("run", "join", "start") or "." in name):
        return simple[last](args)
    if last == "print":
        return _printed(args, tell)
    shown = [one for one in (*args.given, *args.named.values()) if isinstance(one, (Tab, Element, Part, Expected))]
    why = f"{name}() is not in this file" if shown else f"only running {name}() would tell"
    return tell.left_out(args, last, why) if shown else Unknown(why)


def _same(args: Args) -> Value:
    return args.at(0) or Number(None)


def _glob(args: Args) -> Value:
    """`fnmatchcase(page.url, "*/cart")`."""
    read, pattern = args.at(0), args.text(1)
    if not isinstance(read, Read) or read.what != "url" or pattern is None:
        return Unknown("what is compared is not said in so many words")
    return Fact(read.tab, Condition(url=pattern))


def _range(args: Args) -> Value:
    numbers = [one.value for one in args.given if isinstance(one, Number) and isinstance(one.value, int)]
    if len(numbers) != len(args.given) or not 1 <= len(numbers) <= 3 or 0 in numbers[2:]:
        return Unknown("how often is not said in so many words")
    found = range(*numbers)
    if len(found) > _MOST_ITEMS:
        return Unknown(f"it is done more than {_MOST_ITEMS:,} times")
    return Items(tuple(map(Number, found)))


def _enumerated(args: Args) -> Value:
    of = args.at(0)
    if not isinstance(of, Items):
        return Unknown("how often is not said in so many words")
    return Items(tuple(Items((Number(at), one)) for at, one in enumerate(of.items)))


def _zipped(args: Args) -> Value:
    lists = [one.items for one in args.given if isinstance(one, Items)]
    if len(lists) != len(args.given):
        return Unknown("how often is not said in so many words")
    return Items(tuple(Items(one) for one in zip(*lists, strict=False)))


def _pattern(args: Args) -> Value:
    text = args.text(0, "pattern")
    flags = args.at(1, "flags")
    if text is None:
        return Unknown("the pattern is not said in so many words")
    any_case = isinstance(flags, Outside) and flags.name.rpartition(".")[2] in ("I", "IGNORECASE")
    return Pattern(text, any_case)


def _printed(args: Args, tell: Telling) -> Value:
    """What a script prints of what it read is what a skill says at the end."""
    texts = [one.template if isinstance(one, Text) else as_text(one) for one in args.given]
    said = " ".join(one for one in texts if one)
    if not places_in(said):
        return tell.left_out(args, "print", "it says nothing that was read from the page")
    tell.steps += 1
    plain = said.replace("[", "[[").replace("]", "]]")
    tell.read_back.append(plain.replace(MAYBE[0], "[").replace(MAYBE[1], "]"))
    return Number(None)


def apply_filter(name: str, args: Args) -> Value:
    """A filter of a template put on a text: `as_date(when, "%-d %B")`."""
    of, argument = args.at(0), args.text(1) or ""
    template = "{" + of.name + "}" if isinstance(of, ListOf) else as_text(of)
    if isinstance(of, ListOf) and name == "join" and not argument:
        return Text("{" + of.name + "}")
    if template is None or "}" in argument or "|" in argument:
        return Unknown("it is no text")
    places = places_in(template)
    if places == (template,):
        return Text(f"{template[:-1]}|{name}{':' if argument else ''}{argument}" + "}")
    return Unknown("a part of it is known only later") if places else Text(render(template, {}))


def text_method(of: Text | Items | Pairs | ListOf, name: str, args: Args) -> Value:
    """A method of a text or a list, as far as its answer is known."""
    if isinstance(of, Pairs):
        key = args.text(0)
        if name == "get" and key is not None:
            return dict(of.items).get(key, args.at(1) or Number(None))
        if name == "items":
            return Items(tuple(Items((Text(one), value)) for one, value in of.items))
        if name == "values":
            return Items(tuple(value for _, value in of.items))
        return Unknown(f"only running {name}() would tell")
    if not isinstance(of, Text) or of.env:
        return Unknown(f"only running {name}() would tell")
    if name == "strip" and not args.given:
        return Text(of.template.strip())
    if name == "join" and isinstance(listed := args.at(0), ListOf):
        between = of.template
        plain = bool(between) and not set("{}|") & set(between)
        return Text(f"{{{listed.name}|join:{between}}}") if plain else Unknown("how it is joined")
    if name == "join" and (texts := texts_of(args.at(0))) is not None:
        return _joined(of.template, texts)
    if name in ("upper", "lower") and set(of.template) <= {*ascii_letters, " ", "-"}:
        return Text(of.template.upper() if name == "upper" else of.template.lower())
    if name in ("upper", "lower") and places_in(of.template) == (of.template,):
        return Text(f"{of.template[:-1]}|{name}" + "}")
    if name == "format" and "{{" in of.template:
        return _formatted(of, args)
    if name == "replace" and not places_in(of.template):
        old, new = args.text(0), args.text(1)
        if old and new is not None:
            return _replaced(of.template, old, new)
    return Unknown(f"only running {name}() would tell")


def _joined(between: str, texts: list[str]) -> Value:
    if len(between) * len(texts) + sum(map(len, texts)) > MOST_TEXT_CHARS:
        return Unknown(f"it has more than {MOST_TEXT_CHARS:,} characters")
    return made_text(between.join(texts))


def _replaced(text: str, old: str, new: str) -> Value:
    if text.count(old) * len(new) > MOST_TEXT_CHARS:
        return Unknown(f"it has more than {MOST_TEXT_CHARS:,} characters")
    return made_text(text.replace(old, new))


def _formatted(of: Text, args: Args) -> Value:
    """`"…{}…{name}".format(…)`: places of Python's own stand as `{{…}}` in the template."""
    given = iter(args.given)

    def put(match: re.Match[str]) -> str:
        value = (
            args.text(0, "")
            if match[1] == "0"
            else as_text(args.named.get(match[1]) if match[1] else next(given, None))
        )
        if value is None:
            raise LookupError(match[1])
        return value

    try:
        return made_text(re.sub(r"\{\{(\w*)\}\}", put, of.template))
    except LookupError:
        return Unknown("what is put into it is not said in so many words")
