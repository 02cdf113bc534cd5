"""Words that mean the same on a page or in a request, and the words of yes, no and stop."""

from __future__ import annotations

from functools import lru_cache

from language.labels import LABELS
from language.similarity import stem, words_of

GROUPS: tuple[tuple[str, ...], ...] = (
    ("submit", "send", "confirm", "place order", "complete order", "finish", "done", "apply", "go"),
    ("buy", "order", "purchase", "get", "pay", "check out", "checkout", "place order", "buy now"),
    ("book", "reserve", "make a reservation", "booking", "reservation", "book now", "find a table"),
    ("cancel", "stop", "abort", "never mind", "nevermind", "forget it", "dismiss", "discard"),
    ("add", "put", "include", "add to cart", "add to basket", "add to bag"),
    ("remove", "delete", "take off", "take out", "without", "clear", "erase"),
    ("cart", "basket", "bag", "trolley", "shopping cart"),
    ("search", "find", "look for", "look up", "show", "browse"),
    ("next", "continue", "proceed", "forward", "carry on"),
    ("back", "previous", "return", "go back"),
    ("log in", "login", "sign in", "signin", "log on"),
    ("log out", "logout", "sign out", "signout", "log off"),
    ("sign up", "register", "create account", "join"),
    ("open", "start", "launch", "begin", "run"),
    ("close", "quit", "exit", "end"),
    ("save", "keep", "store", "remember"),
    ("edit", "change", "modify", "update", "alter"),
    ("choose", "select", "pick", "choose one"),
    ("message", "text", "note", "comment"),
    ("people", "guests", "persons", "party size", "party", "diners", "covers", "seats"),
    ("date", "day", "when"),
    ("time", "hour", "when"),
    ("phone", "telephone", "mobile", "phone number", "telephone number", "cell", "contact number"),
    ("email", "e mail", "mail", "email address"),
    ("address", "street", "delivery address", "deliver to", "ship to"),
    ("zip", "zip code", "postcode", "postal code"),
    ("name", "full name", "your name"),
    ("amount", "quantity", "qty", "number", "how many", "count"),
    (
        "price",
        "fee",
        "cost",
        "total",
        "sum",
        "amount due",
        "to pay",
        "total to pay",
        "order total",
        "grand total",
        "how much",
        "fare",
    ),
    ("help", "support", "what can you do"),
    ("timer", "countdown"),
    ("alarm", "wake up", "wake me"),
    ("song", "track", "music"),
    ("movie", "film"),
)

YES = (
    *(
        "yes",
        "yeah",
        "yep",
        "yup",
        "sure",
        "ok",
        "okay",
        "do it",
        "go ahead",
        "go for it",
        "do",
        "please do",
        "of course",
    ),
    *("absolutely", "definitely", "correct", "right", "that's right", "that is right", "sounds good", "confirm"),
    *("confirmed", "order it", "book it", "send it", "affirmative", "fine", "perfect", "i do", "that's correct"),
)
NO = (
    *("no", "nope", "nah", "no thanks", "no thank you", "not now", "no way", "don't", "do not", "don't do it"),
    *("do not do it", "negative", "wrong", "that's wrong", "not really", "rather not", "i don't", "not that"),
    *("not", "not right", "not correct", "not okay", "of course not", "absolutely not", "definitely not"),
    *("don't order it", "don't book it", "don't send it"),
)
STOP = (
    *("cancel", "stop", "abort", "never mind", "nevermind", "forget it", "forget about it", "cancel that", "cancel it"),
    *("stop it", "stop that", "leave it", "drop it", "quit", "cancel everything", "stop everything"),
)
_POLITE = frozenset(
    ("please", "thanks", "thank", "you", "um", "uh", "oh", "well", "now", "just", "then", "leveret", "hey")
)


def _key(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text))


@lru_cache(maxsize=2)
def _members(labels: bool = False) -> dict[tuple[str, ...], frozenset[int]]:
    """The groups that words stand in, by their numbers; those of labels alone come last."""
    table: dict[tuple[str, ...], set[int]] = {}
    for number, group in enumerate((*GROUPS, *LABELS) if labels else GROUPS):
        for words in group:
            table.setdefault(_key(words), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in table.items()}


def synonyms_of(text: str) -> frozenset[str]:
    """All words of the groups that the text stands in, itself among them; empty when it stands in none.

    What only labels of pages call the same is left out: a person who asks for it may mean something else."""
    return frozenset(words for number in _members().get(_key(text), frozenset()) for words in GROUPS[number])


def same_meaning(one: str, other: str) -> bool:
    """True for the same words but for their endings, and for two members of a group, be it one of labels."""
    left, right = _key(one), _key(other)
    groups = _members(labels=True)
    return bool(left) and (left == right or bool(groups.get(left, frozenset()) & groups.get(right, frozenset())))


def yes_or_no(text: str) -> bool | None:
    """What a spoken answer says; None when it says neither or both. Any word of stopping is a no."""
    words = _plain(text)
    if _made_of(words, YES):
        return True
    stopping = _made_of(words, (*YES, *STOP)) or is_stop(text)
    if stopping or _made_of(words, NO):
        return False
    # "no, large" and "don't order that" are a no with more to it; a yes with more to it is not taken for a yes.
    opening = words[:1] in (["no"], ["nope"], ["don't"]) or words[:2] == ["do", "not"]
    return False if opening and not any(word in ("yes", "yeah", "yep", "yup") for word in words) else None


def is_stop(text: str) -> bool:
    """True when the whole text calls a halt: "stop", "never mind, thanks"."""
    words = _plain(text)
    return _made_of(words, (*STOP, *NO)) and not _made_of(words, NO)


def _plain(text: str) -> list[str]:
    """Lower-case words with their apostrophes, without politeness."""
    spaced = "".join(sign if sign.isalnum() or sign == "'" else " " for sign in text.replace("’", "'").lower())
    words = [word.strip("'") for word in spaced.split()]
    return [word for word in words if word and word not in _POLITE]


def _made_of(words: list[str], phrases: tuple[str, ...]) -> bool:
    """True when the words are a row of such phrases and nothing else."""
    if not words:
        return False
    longest = max(len(phrase.split()) for phrase in phrases)
    reached = {0}
    for start in range(len(words)):
        if start in reached:
            reached |= {end for end in range(start + 1, start + longest + 1) if " ".join(words[start:end]) in phrases}
    return len(words) in reached
