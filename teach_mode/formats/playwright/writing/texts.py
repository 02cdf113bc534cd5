"""Templates of a skill as expressions of Python: `Choose {kind|title}` is `f"Choose {as_title(kind)}"`. Pure."""

from __future__ import annotations

import keyword
import re

from msgspec import Struct, field

from teach_mode.templates import LITERAL_BRACKETS, names_in, places_in, render

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)((?:\|[^{}]*)?)\}")
_TAKEN = frozenset(("page", "expect", "re", "os", "item", "site", "test", "run", "print", "range", "fnmatchcase"))
# Filters that work on each item of a list.
_OF_EACH = frozenset(("words", "capital", "title", "lower", "upper", "digits"))
# What each filter does, as a function that is written into the script when it is used.
FUNCTIONS: dict[str, str] = {
    "as_words": """def as_words(value: str) -> str:
    return re.sub(r"[-_]+", " ", value)""",
    "as_capital": """def as_capital(value: str) -> str:
    plain = re.sub(r"[-_]+", " ", value)
    return plain[:1].upper() + plain[1:]""",
    "as_title": """def as_title(value: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in re.sub(r"[-_]+", " ", value).split(" "))""",
    "as_lower": """def as_lower(value: str) -> str:
    return value.lower()""",
    "as_upper": """def as_upper(value: str) -> str:
    return value.upper()""",
    "as_digits": """def as_digits(value: object) -> str:
    return re.sub(r"\\D", "", str(value))""",
    "as_join": """def as_join(values: Iterable[str], between: str = ", ") -> str:
    return between.join(values)""",
    "as_and": """def as_and(values: Iterable[str]) -> str:
    *first, last = [*values] or [""]
    return f"{', '.join(first)} and {last}" if first else last""",
    "as_count": '''def as_count(number: object, forms: str = "") -> str:
    one, _, many = forms.partition(",")
    return f"{number} {one if str(number) == '1' else many or one}"''',
    "as_default": """def as_default(value: object, text: str = "") -> str:
    return str(value) if value else text""",
    "as_date": """def as_date(value: str, form: str = "%-d %B %Y") -> str:
    return datetime.fromisoformat(value).strftime(form)""",
    "as_time": """def as_time(value: str, form: str = "%H:%M") -> str:
    moment = value if "-" in value else f"2000-01-01T{value}"
    return datetime.fromisoformat(moment).strftime(form)""",
    "as_text": """def as_text(value: object) -> str:
    return "" if value is None else str(value)""",
    "as_url": """def as_url(value: object) -> str:
    return quote(str(value), safe="")""",
    "as_address": """def as_address(pattern: str) -> re.Pattern[str]:
    return re.compile("^" + ".*".join(re.escape(part) for part in pattern.split("*")) + "[?#]?$")""",
}
_NEEDS = {
    "re.": "import re",
    "Iterable": "from collections.abc import Iterable",
    "datetime": "from datetime import datetime",
    "quote(": "from urllib.parse import quote",
}


class Texts(Struct, kw_only=True):
    """Writes the texts of one skill. `names` are what its values are called in the script, `lists` those that are
    lists, `figures` those that are numbers or None. `used`: the functions of filters that the script needs."""

    names: dict[str, str]
    lists: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)

    def of(self, template: str, *, encode: bool = False) -> str:
        """A template as an expression. `encode`: values in it are those of an address."""
        pieces = [*self._pieces(template, encode)]
        if all(plain for plain, _ in pieces):
            return quoted("".join(text for _, text in pieces))
        if len(pieces) == 1:
            return pieces[0][1]
        written = [text for plain, text in pieces if not plain]
        if any(sign in text for text in written for sign in "\"'\\{}"):
            return " + ".join(quoted(text) if plain else text for plain, text in pieces)
        body = "".join(
            quoted(text.replace("{", "{{").replace("}", "}}"))[1:-1] if plain else f"{{{text}}}"
            for plain, text in pieces
        )
        return f'f"{body}"'

    def _pieces(self, template: str, encode: bool) -> list[tuple[bool, str]]:
        pieces: list[tuple[bool, str]] = []
        rest = template
        for place in places_in(template):
            before, _, rest = rest.partition(place)
            if before:
                pieces.append((True, render(before, {})))
            pieces.append((False, self.value(place, encode=encode)))
        if rest or not pieces:
            pieces.append((True, render(rest, {})))
        return pieces

    def value(self, place: str, *, encode: bool = False) -> str:
        """A place, `{kind|title}`, as an expression."""
        name, *filters = place[1:-1].split("|")
        written = self.names.get(name, name)
        if name in self.figures and not filters:
            written = self._call("as_text", written)
        many = name in self.lists
        for one in filters:
            key, _, argument = one.partition(":")
            if many and key in _OF_EACH:
                self.used.add(f"as_{key}")
                written = f"[as_{key}(one) for one in {written}]"
                continue
            many = False
            written = self._call(f"as_{key}", f"{written}, {quoted(argument)}" if argument else written)
        written = self._call("as_join", written) if many else written
        return self._call("as_url", written) if encode and name != "site" else written

    def _call(self, function: str, given: str) -> str:
        self.used.add(function)
        return f"{function}({given})"

    def address(self, glob: str) -> str:
        """A pattern of an address, where `*` is any text."""
        return self._call("as_address", self.of(glob))

    def sentence(self, template: str) -> str:
        """A sentence whose parts in square brackets are left out when a value in them is empty."""
        parts = []
        for piece in re.split(r"(\[\[|\]\]|\[[^\[\]]*\])", template):
            if piece in LITERAL_BRACKETS:
                parts.append(quoted(LITERAL_BRACKETS[piece]))
            elif piece.startswith("["):
                asked = " and ".join(self.names.get(name, name) for name in names_in(piece)) or "True"
                parts.append(f'({self.of(piece[1:-1])} if {asked} else "")')
            elif piece:
                parts.append(self.of(piece))
        return " + ".join(parts) or '""'

    def functions(self) -> tuple[list[str], list[str]]:
        """The imports that the functions in use need, and those functions."""
        bodies = [FUNCTIONS[name] for name in sorted(self.used) if name in FUNCTIONS]
        return sorted({need for sign, need in _NEEDS.items() for body in bodies if sign in body}), bodies


def quoted(text: str) -> str:
    """The text as a literal of Python in double quotes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in plain) + '"'


def called(names: list[str]) -> dict[str, str]:
    """What values are called in a script: as in the skill, but for words that mean something there already."""
    found = {"site": "SITE", "item": "item", "photo": '"photo.jpg"'}
    for name in names:
        taken = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _TAKEN or name.startswith("as_")
        found[name] = f"{name}_" if taken or re.fullmatch(r"page\d*|tab_.*", name) else name
    return found
