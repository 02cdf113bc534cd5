"""What stands in the way of a step: a notice about cookies, a captcha, a login page, a site that is out of order. Pure.

Looked for only when a step's element is not there or is covered: a word in a footer is no obstacle. What a page says
can at most make replay stop, ask the person, or press one button of a notice that commits to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from browser.fingerprint import Box, Fingerprint
from browser.snapshot import Element
from language.commitments import commits

Kind = Literal["consent", "captcha", "login", "out_of_order"]

# A notice that is no dialog hides the page when it takes so much of it, in px of a usual window.
HIDING_PX2 = 250_000
NOTICE_CHARS = 4_000
CLIMB = 8
# A badge in the corner says that a captcha may come; the captcha itself is higher.
BADGE_PX = 65
# A page that is out of order offers next to nothing to do.
FEW_ACTED = 8
# Without a word of signing in, a password with so many fields at most is a login: name, password, "remember me".
LOGIN_FIELDS = 3

_ABOUT = re.compile(
    r"\b(cookies?|consent|gdpr|your privacy|privacy (settings|choices|preferences)|tracking technolog\w+|einwilligung"
    r"|datenschutz\w*)\b"
)
_REJECT = re.compile(
    r"\b(reject|decline|refuse|deny|disagree|opt out|no,? thanks|ablehnen|verweigern"
    r"|(only|just) (what is |what's )?(the )?(strictly )?(necessary|needed|essential|required|functional)"
    r"|(necessary|essential|required)( cookies)? only|use necessary cookies|without (accepting|consent\w*|agreeing)"
    r"|(accept|allow|use) (the )?(strictly )?(necessary|essential|required)"
    r"|nur (notwendige|erforderliche|essenzielle|technisch notwendige)|ohne (zustimmung|einwilligung))\b"
)
_CLOSE = re.compile(r"(close|dismiss|hide|schließen|x|×|✕|✖)( (this )?(cookie )?(notice|banner|dialog|message))?")
_ACCEPT = re.compile(
    r"\b(accept|agree|allow|got it|understand|understood|akzeptieren|zustimmen|einverstanden|verstanden|alles klar)\b"
    r"|(ok|okay|continue|fine)$"
)
_CAPTCHA_FRAME = re.compile(
    r"//[^/]*((google\.com|recaptcha\.net)/recaptcha/|hcaptcha\.com/|challenges\.cloudflare\.com/|arkoselabs\.com/"
    r"|funcaptcha\.com/|captcha-delivery\.com/|geetest\.com/)"
)
_CAPTCHA_WORDS = re.compile(
    r"\b(not a robot|are (you )?(a )?human|you('re| are) (a )?human|unusual traffic"
    r"|automated (traffic|queries|requests)"
    r"|(solve|complete|pass) (the|this|a) (captcha|puzzle|challenge|security check)"
    r"|(enter|type) the (characters|letters|text|code|numbers) (you see|shown|in the (image|picture))"
    r"|kein roboter)\b"
)
_LOGIN_WORDS = re.compile(
    r"\b(log ?in|log ?on|sign ?in|sign in to|session (has )?(expired|timed out|ended)|anmelden|einloggen|anmeldung)\b"
)
_SIGN_UP_WORDS = re.compile(
    r"\b(sign ?up|register|create (an |your )?account|registrieren|konto (anlegen|erstellen))\b"
)
_USER_FIELD = re.compile(r"\b(username|user ?name|login|email|e-?mail|user|account|benutzer\w*|kennung)\b")
_OUT_OF_ORDER = re.compile(
    r"\b(50[0234]|bad gateway|gateway time-?out|internal server error|service (temporarily )?unavailable"
    r"|temporarily unavailable|(under|down for|scheduled) maintenance|maintenance mode|be right back|be back soon"
    r"|(site|service|server) is (currently |temporarily )?(down|offline|unavailable)|wartungsarbeiten)\b"
)


class Obstacle(Struct, frozen=True, kw_only=True):
    """What stands in the way. `words` are the page's own that show it; `press` is the ref of the button that puts a
    notice aside, "" when there is none that may be pressed."""

    kind: Kind
    words: str
    press: str = ""


class Seen(Struct, frozen=True, kw_only=True):
    """A page as it is judged: its elements in reading order, its title, the addresses of its frames."""

    elements: tuple[Element, ...]
    title: str = ""
    frames: tuple[str, ...] = ()


def find_obstacle(seen: Seen, *, covered: Box | None = None, signing_in: bool = False) -> Obstacle | None:
    """What stands in the way, if anything does.

    `covered` is the box (CSS px of the top page) of an element that is there but cannot be reached: then only a notice
    on top of it counts. `signing_in`: the step is part of a login, so that a login page is where it should be.
    """
    notice = _notice(seen, covered)
    if notice is not None or covered is not None:
        return notice
    return _captcha(seen) or _out_of_order(seen) or (None if signing_in else _login(seen))


def puts_a_notice_aside(pressed: Fingerprint) -> bool:
    """Whether an element, as it was taught, is the button of a notice about cookies."""
    words = _plain(pressed.name or pressed.text)
    around = _plain(" ".join((*pressed.within[:1], *pressed.neighbours[:2])))
    if pressed.role != "button" or not words or commits(words) or not _ABOUT.search(f"{words} {around}"):
        return False
    return any(found is not None for found in (_REJECT.search(words), _CLOSE.fullmatch(words), _ACCEPT.search(words)))


# A notice about cookies ----------------------------------------------------------------------------------------------


def _notice(seen: Seen, covered: Box | None) -> Obstacle | None:
    """The notice that is in the way, with its mildest button: reject, else close, else accept."""
    best: tuple[int, Obstacle] | None = None
    for index, element in enumerate(seen.elements):
        rank = _rank(element)
        if rank is None:
            continue
        found = _around(seen.elements, index)
        if found is None or not any(_is_in_the_way(one, covered) for one in _holding(seen.elements, found[0])):
            continue
        if best is None or rank < best[0]:
            best = rank, Obstacle(kind="consent", words=found[1], press=element.ref)
    return best[1] if best else None


def _holding(elements: Sequence[Element], at: int) -> Iterator[Element]:
    """A notice; and when it stands in a frame, what the frame stands in."""
    yield elements[at]
    if elements[at].frame:
        outside = at
        for _ in range(2 * CLIMB):
            outside = elements[outside].parent
            if outside < 0:
                return
            if elements[outside].frame != elements[at].frame:
                yield elements[outside]


def _rank(element: Element) -> int | None:
    """0 reject, 1 close, 2 accept; None: no button that may be pressed."""
    words = _plain(element.name or element.text)
    if element.role != "button" or not element.visible or not words or len(words) > 80 or commits(words):
        return None
    if _REJECT.search(words):
        return 0
    if _CLOSE.fullmatch(words):
        return 1
    return 2 if _ACCEPT.match(words) or (_ACCEPT.search(words) and "cookie" in words) else None


def _around(elements: Sequence[Element], index: int) -> tuple[int, str] | None:
    """The smallest element around a button that speaks of cookies, and its first words. What a page says around a frame
    is nothing that the frame says."""
    at = index
    for _ in range(CLIMB):
        at = elements[at].parent
        if at < 0 or elements[at].frame != elements[index].frame:
            return None
        words = " ".join(_words_in(elements, at))
        if len(words) > NOTICE_CHARS:
            return None
        if _ABOUT.search(_plain(words)):
            if any(_commits(one) for one in _inside(elements, at)):
                return None  # What is in there with a button that commits to something is no mere notice.
            return at, words[:160]
    return None


def _commits(element: Element) -> bool:
    return element.acted and commits(element.name or element.text, link=element.role == "link")


def _is_in_the_way(notice: Element, covered: Box | None) -> bool:
    dialog = notice.role in ("dialog", "alertdialog")
    if covered is not None:
        return dialog or _meet(notice.box, covered)
    return dialog or notice.box[2] * notice.box[3] >= HIDING_PX2


def _meet(one: Box, other: Box) -> bool:
    return all(one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2] for axis in (0, 1))


# Captcha, login, out of order ----------------------------------------------------------------------------------------


def _captcha(seen: Seen) -> Obstacle | None:
    for address in seen.frames:
        if _CAPTCHA_FRAME.search(address) and "size=invisible" not in address:
            return Obstacle(kind="captcha", words="captcha")
    for element in _visible(seen):
        words = _words(element)
        if element.tag == "iframe" and "captcha" in words and element.box[3] > BADGE_PX:
            return Obstacle(kind="captcha", words=words[:160])
        if element.type and element.type != "hidden" and "captcha" in f"{words} {element.hint.lower()}":
            return Obstacle(kind="captcha", words=words[:160] or "captcha")
        if _CAPTCHA_WORDS.search(words):
            return Obstacle(kind="captcha", words=words[:160])
    return None


def _login(seen: Seen) -> Obstacle | None:
    """A page to sign in at: a field for a password with little beside it, or a heading that says so and a field for a
    name or a code."""
    fields = [element for element in _visible(seen) if element.type]
    passwords = [field for field in fields if field.type == "password"]
    said = [_plain(seen.title), *(_words(one) for one in _visible(seen) if one.role == "heading")]
    told = next((words for words in said if _LOGIN_WORDS.search(words)), "")
    if any(_SIGN_UP_WORDS.search(words) for words in said) and not told:
        return None
    if len(passwords) == 1 and (told or len(fields) <= LOGIN_FIELDS):
        return Obstacle(kind="login", words=told[:160] or _words(passwords[0])[:160] or "password")
    asks = (_USER_FIELD.search(f"{_words(field)} {_plain(field.hint)}") for field in fields if _takes_text(field))
    if told and len(fields) <= FEW_ACTED and any(asks):
        return Obstacle(kind="login", words=told[:160])
    codes = [field for field in fields if "one-time-code" in field.hint]
    return Obstacle(kind="login", words=_words(codes[0])[:160] or "code") if codes else None


def _takes_text(field: Element) -> bool:
    return field.type in ("text", "email", "tel")


def _out_of_order(seen: Seen) -> Obstacle | None:
    if sum(element.acted for element in _visible(seen)) > FEW_ACTED:
        return None
    said = [_plain(seen.title), *(_words(one) for one in _visible(seen) if one.role == "heading")]
    told = next((words for words in said if _OUT_OF_ORDER.search(words)), "")
    return Obstacle(kind="out_of_order", words=told[:160]) if told else None


def _visible(seen: Seen) -> Iterator[Element]:
    return (element for element in seen.elements if element.visible)


def _words_in(elements: Sequence[Element], at: int) -> Iterator[str]:
    for element in _inside(elements, at):
        if element.visible:
            yield from dict.fromkeys(part for part in (element.name, element.label, element.text) if part)


def _inside(elements: Sequence[Element], at: int) -> Iterator[Element]:
    """An element and all inside it: they stand in reading order, so that what is inside follows it."""
    inside = {at}
    yield elements[at]
    for index in range(at + 1, len(elements)):
        if elements[index].parent not in inside:
            if elements[index].parent < at:
                return
            continue
        inside.add(index)
        yield elements[index]


def _words(element: Element) -> str:
    return _plain(" ".join(dict.fromkeys(part for part in (element.name, element.label, element.text) if part)))


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())
