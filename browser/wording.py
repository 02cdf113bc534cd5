"""How alike two labels, identifiers or addresses of a page are when it was redesigned in between. Pure.

Numbers in labels are counters and prices ("Inbox (3)"), words may be replaced by others of the same meaning, and what a
build tool made up (`css-1q2w3e`, `:r3:`) says nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from browser.labels import mean_the_same
from language.similarity import stem, words_of
from language.synonyms import same_meaning

# What two labels are worth that differ in a number alone, words that only mean the same, and a word more or less.
SAME_BUT_NUMBERS = 0.95
SAME_MEANING = 0.8
ONE_WORD_MORE = 0.72
# And what they are worth at most when they have other codes in them ("Row B7", "Row C9").
OTHER_CODE = 0.4
MOST_WORDS = 40
CACHED = 50_000
# What the signs say that stand on buttons and in fields in place of words.
_SIGNS = {
    "⌕": "search", "🔍": "search", "🔎": "search", "☰": "menu", "≡": "menu", "⚙": "settings", "✕": "close",
    "✖": "close", "×": "close", "✎": "edit", "✏": "edit", "🗑": "delete", "🛒": "cart", "⌂": "home", "🏠": "home",
    "❤": "favourite", "♥": "favourite", "★": "favourite", "✓": "done", "✔": "done", "?": "help", "🔔": "notifications",
    "👤": "account", "⬇": "download", "⬆": "upload", "🖨": "print", "↻": "refresh", "⟳": "refresh",
    "📅": "date", "✉": "email",
}  # fmt: skip
# What a field may be for, by words and signs in its labels, hints and attributes.
_PURPOSES = {
    "email": re.compile(r"e-?mail|@|courriel|correo", re.I),
    "password": re.compile(r"pass(wor[dt]|phrase|code)|\bpwd?\b|kennwort|contraseñ|mot de passe", re.I),
    "search": re.compile(r"search|\bfind\b|\bquery\b|\bfilter\b|suche|buscar|recherche|⌕|🔍|🔎", re.I),
    "phone": re.compile(r"phone|\btel\b|mobile|\bcell\b|telefon|teléfono", re.I),
    "address": re.compile(r"street|address-line|postal|\bzip|postcode|\bcity\b", re.I),
    "person": re.compile(r"(first|last|full|given|family|sur)[ -_]?name|your name", re.I),
    "date": re.compile(r"\bdate\b|\bday\b|dd[/.]mm|mm[/.]dd|yyyy", re.I),
    "time": re.compile(r"\btime\b|hh:mm", re.I),
    "amount": re.compile(r"quantity|\bqty\b|how many|amount|\bnumber of\b", re.I),
    "web": re.compile(r"\burl\b|website|https?:", re.I),
}
_FILLERS = frozenset(
    (
        "a",
        "an",
        "the",
        "your",
        "my",
        "our",
        "this",
        "that",
        "to",
        "of",
        "for",
        "in",
        "on",
        "at",
        "now",
        "here",
        "please",
    )
    + ("and", "or", "go", "proceed", "continue", "view")
)
_LABEL_SIGNS = " *:…›»→←▾▼+–-"
_HEX = re.compile(r"[0-9a-f]{6,}")
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w+")
_SPACE = re.compile(r"\s+")
_EMAIL = re.compile(r"\be-mail\b", re.IGNORECASE)
_COUNTER = re.compile(r"(?<![^\W_])[$€£¥]?\d[\d.,:]*[$€£¥%]?(?![^\W_])")
_ICON = re.compile(r"[a-z]+(_[a-z0-9]+)+")
_SPLIT = re.compile(r"[^0-9A-Za-z]+")


@lru_cache(maxsize=CACHED)
def _words(text: str) -> dict[str, str]:
    """The words of a text that carry meaning, by their stems; no numbers."""
    words = [word for word in words_of(_EMAIL.sub("email", text))[:MOST_WORDS] if not word.isdigit()]
    kept = [word for word in words if word not in _FILLERS]
    return {stem(word): word for word in kept or words}


def stems(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, without their endings and without numbers."""
    return frozenset(_words(text))


@lru_cache(maxsize=CACHED)
def _grams(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2))


def _spelling(one: str, other: str) -> float:
    """Dice's coefficient over pieces of three letters: as telling as an edit distance, and far cheaper."""
    left, right = _grams(one), _grams(other)
    return 2 * (left & right).total() / (left.total() + right.total())


@lru_cache(maxsize=CACHED)
def _word_alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if same_meaning(one, other) or mean_the_same(one, other):
        return SAME_MEANING
    return _spelling(one, other) ** 2 if min(len(one), len(other)) > 3 else 0.0


def _meaning(one: str, other: str, light: Light) -> float:
    """Dice's coefficient over words, a word of like meaning counting in part, one that is `light` as little."""
    left, right = _words(one), _words(other)
    if not left or not right:
        return 0.0
    weights = dict(light)

    def weight(keys: Iterable[str]) -> float:
        return math.fsum(weights.get(key, 1.0) for key in keys)

    common = left.keys() & right.keys()
    mine, theirs = left.keys() - common, right.keys() - common
    total = 2 * weight(common)
    if mine and theirs:
        alike = {(my, your): _word_alike(left[my], right[your]) for my in mine for your in theirs}
        total += math.fsum(weight((my,)) * max(alike[my, your] for your in theirs) for my in mine)
        total += math.fsum(weight((your,)) * max(alike[my, your] for my in mine) for your in theirs)
    return total / (weight(left) + weight(right))


Light = frozenset[tuple[str, float]]


@lru_cache(maxsize=CACHED)
def words_alike(one: str, other: str, light: Light = frozenset()) -> float:
    """0..1: how likely two labels name the same thing. "Submit" and "Send", "Order (3)" and "Order (4)" do.

    `light` are stems that tell less than others, with what they count instead of 1: "Choose" where all say "Choose …".
    """
    if one == other:
        return 1.0
    one, other = _without_icons(one), _without_icons(other)
    left, right = _without_counters(one), _without_counters(other)
    if not left or not right:
        return 0.0
    if left == right:
        # Letters and signs differ, or only the numbers do.
        return SAME_BUT_NUMBERS if _numbers(one) != _numbers(other) else 0.99
    if not any(sign.isalpha() for sign in left) or not any(sign.isalpha() for sign in right):
        return 0.0
    meaning = _meaning(one, other, light)
    if meaning < ONE_WORD_MORE and _is_part(_words(one).keys(), _words(other).keys(), dict(light)):
        meaning = ONE_WORD_MORE
    if meaning < SAME_MEANING and (_mean_the_same(left, right) or _mean_the_same(_telling(one), _telling(other))):
        meaning = SAME_MEANING
    mine, theirs = set(_CODE.findall(left)), set(_CODE.findall(right))
    most = OTHER_CODE if mine and theirs and not mine & theirs else 0.98
    spelling = _spelling(left, right) if not light or len(left.split()) == 1 else 0.0
    return min(max(meaning, spelling), most)


def _mean_the_same(one: str, other: str) -> bool:
    return same_meaning(one, other) or mean_the_same(one, other)


def _telling(text: str) -> str:
    """A label without its fillers: "Your email address" is "email address"."""
    return " ".join(_words(text).values())


def _without_counters(text: str) -> str:
    """A label in lower case, without the numbers that stand alone in it: "Inbox (3)" is "inbox", "Row B7" itself."""
    folded = _SPACE.sub(" ", text.strip().lower())
    bare = _SPACE.sub(" ", _COUNTER.sub("", folded)).replace("()", "").replace("[]", "").strip(_LABEL_SIGNS)
    return bare if any(sign.isalpha() for sign in bare) else folded


def _without_icons(text: str) -> str:
    """A label without the names of icons that fonts draw in their place: "content_paste Table" is "Table"."""
    words = text.split()
    kept = [word for word in words if not _ICON.fullmatch(word)]
    return " ".join(kept) if kept and len(kept) < len(words) else text


def _is_part(left: Set[str], right: Set[str], weights: Mapping[str, float]) -> bool:
    """Whether one label is the other with one word more, which tells less: "Kanban", "Kanban board"."""
    short, long = sorted((left, right), key=len)
    if not short or not short < long or len(long) != len(short) + 1:
        return False
    more = math.fsum(weights.get(word, 1.0) for word in long - short)
    return more <= math.fsum(weights.get(word, 1.0) for word in short)


def _numbers(text: str) -> str:
    return "".join(_COUNTER.findall(text))


def is_made_up(token: str) -> bool:
    """Whether a piece of an identifier is a hash or a counter, and not a word: "3f9a1c", "r12", "x7Kq"."""
    if token.isdigit() or (_HEX.fullmatch(token.lower()) and any(sign.isdigit() for sign in token)):
        return True
    digits = sum(sign.isdigit() for sign in token)
    if not digits:
        humps = sum(one.islower() and two.isupper() for one, two in pairwise(token))
        consonants = max((len(run) for run in re.split(r"[aeiouyAEIOUY]+", token)), default=0)
        return (humps >= 2 and len(token) < 4 * humps) or (consonants >= 6)
    changes = sum(one.isdigit() != two.isdigit() for one, two in pairwise(token))
    return changes >= 2 or len(token) - digits <= 2


@lru_cache(maxsize=CACHED)
def tokens(identifier: str) -> frozenset[str]:
    """The words in an id, a class or a name: "btn-placeOrder_3f9a1c" -> btn, plac, order (stems)."""
    pieces = [piece for piece in _SPLIT.split(identifier) if piece and not is_made_up(piece)]
    return frozenset(stem(word) for piece in pieces for word in words_of(piece) if not word.isdigit())


@lru_cache(maxsize=CACHED)
def identifiers_alike(one: str, other: str) -> float | None:
    """0..1 for two ids or names; None when one of them is made up altogether and so says nothing."""
    left, right = tokens(one), tokens(other)
    if not left or not right:
        return None
    if one == other:
        return 1.0
    return 0.98 * dice(left, right)


def dice(left: frozenset[str], right: frozenset[str]) -> float:
    """The share that two sets have in common."""
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 1.0


@lru_cache(maxsize=CACHED)
def _address_parts(address: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ()
    if parts.scheme not in ("", "http", "https"):
        return ()
    pieces = [piece for piece in unquote(parts.path).split("/") if piece not in ("", ".", "..")]
    last = [pieces[-1].rsplit(".", 1)[0]] if pieces else []
    query = sorted(parts.query.split("&")) if parts.query else []
    return (*pieces[:-1], *last, *query, *([f"#{parts.fragment}"] if parts.fragment else []))


def _is_opaque(piece: str) -> bool:
    return not tokens(piece)


@lru_cache(maxsize=CACHED)
def addresses_alike(one: str, other: str) -> float | None:
    """0..1 for two link targets, hosts and directories that moved aside; None when one leads nowhere, or by
    a number alone."""
    left, right = _address_parts(one), _address_parts(other)
    if one == other:
        return 1.0 if left or one.strip() not in ("", "#") else None
    if not left or not right or _is_opaque(left[-1]) or _is_opaque(right[-1]):
        return None
    common = 0
    for mine, theirs in zip(reversed(left), reversed(right), strict=False):
        if mine != theirs:
            break
        common += 1
    tail = 2 * common / (len(left) + len(right))
    bag = 2 * (Counter(left) & Counter(right)).total() / (len(left) + len(right))
    words = dice(tokens(left[-1]), tokens(right[-1])) if tokens(left[-1]) and tokens(right[-1]) else 0.0
    return min(max(0.5 + 0.5 * tail if common else 0.0, 0.7 * bag, 0.7 * words), 0.98)


def signs_said(label: str) -> str:
    """A label that is one sign only, as the word that the sign stands for: "⌕" says "search"."""
    return _SIGNS.get(label.strip().strip("\ufe0f"), label)


@lru_cache(maxsize=CACHED)
def purposes_of(said: str) -> frozenset[str]:
    """What a field is for: "email", "search", …, by all that is said of it; an address that is one of mail is none."""
    found = {name for name, pattern in _PURPOSES.items() if pattern.search(said)}
    return frozenset(found - {"address"} if "email" in found else found)
