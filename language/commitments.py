"""Buttons that commit a person: what they say by law or by custom. Pure.

A trader's button must say in so many words that pressing it means to pay (Directive 2011/83/EU, article 8(2)), so a
step that presses such a button is not harmless, whatever its skill file says.
"""

from __future__ import annotations

import re

_THING = "(?:order|purchase|booking|payment|reservation|transfer|subscription|donation|appointment|transaction|bid|bet)"
_YOUR = "(?:(?:your|my|the|this) )?"
_PHRASES = re.compile(
    rf"\b(?:place|complete|confirm|submit|finali[sz]e|finish|send) {_YOUR}{_THING}\b"
    r"|\b(?:order|buy|purchase|book|reserve|pay|subscribe|donate|rent|bid|transfer|send) now\b"
    r"|\b(?:order|confirm|book|buy|agree|subscribe) (?:and|&) (?:pay|buy|order|book|send|subscribe)\b"
    r"|\bpay (?:[$€£¥]|\d|usd\b|eur\b|gbp\b|chf\b)"
    r"|\b(?:order|buy|purchase|book|reserve|rent)(?: (?!from\b)[a-z]+){0,3} [$€£¥] ?\d"
    r"|\b(?:send|transfer) (?:the )?(?:money|funds)\b"
    rf"|\b(?:delete|close) {_YOUR}account\b"
    r"|\bobligation to pay\b|\bzahlungspflichtig|\bobligation de paiement\b|\bobligaci[oó]n de pago\b"
    r"|\bobbligo di pagare\b|\bbetalingsverplichting\b|\bjetzt (?:kaufen|bestellen|bezahlen|buchen)\b"
)
# What is sent or handed in; not what a person has sent to themselves, or types to get in.
_HANDED_IN = re.compile(
    r"(?:send|submit) (?!me\b|us\b)(?!.*\b(?:again|code|link|login|newsletter|password|pin|search|sms)\b)"
    r"[a-z]+(?: [a-z]+){0,3}"
)
# What may commit, or only lead to where it is done: what comes of it tells.
_MAYBE = re.compile(r"(?:apply|book|buy|donate|hire|order|pay|purchase|register|rent|reserve|subscribe)(?: \w+){1,3}")
# On a button these say it all; a link of that name only leads to where it is done.
_ALONE = re.compile(r"(?:buy|pay|order|book|reserve|purchase|subscribe|donate|send|transfer|book it|order it|buy it)")

# What is kept or changed by a press, if it can be undone.
_CHANGES = re.compile(
    r"(?:add|apply|approve|archive|attach|create|decline|delete|mark|publish|put|reject|remove|rename|reserve|save|update"
    r"|upload)(?: .*)?"
)


def commits(words: str, *, link: bool = False) -> bool:
    """Whether an element that says `words` commits whoever presses it."""
    plain = _plain(words)
    alone = (_ALONE, _HANDED_IN) if not link else ()
    return _PHRASES.search(plain) is not None or any(one.fullmatch(plain) for one in alone)


def may_commit(words: str) -> bool:
    """Whether a button that says `words` commits whoever presses it if the page then says that something was done."""
    return _MAYBE.fullmatch(_plain(words)) is not None


def changes(words: str) -> bool:
    """Whether a press on an element that says `words` keeps or changes something on a site, by what it says."""
    return _CHANGES.fullmatch(_plain(words)) is not None


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w&$€£¥.,]+", " ", words.casefold()).split()).strip(" .,")
