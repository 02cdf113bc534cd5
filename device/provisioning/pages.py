"""The page that the device shows to a phone, in HTML alone, and what was written on it. Pure."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import parse_qs

from device.provisioning.radio import Seen, Wish
from device.provisioning.state import Purpose, State, Submitted
from device.words import Words, words_of

FORM_BYTES: Final = 8_192
_FIELDS: Final = 16
_NAME_BYTES: Final = 32
_PASSWORD_LEAST: Final = 8
_PASSWORD_MOST: Final = 63
_ADDRESS_MOST: Final = 200
OTHER: Final = "other"
STAY: Final = "stay"
_STRONG: Final = 60
_FAIR: Final = 30

TOO_SHORT: Final = "A Wi-Fi's password has 8 to 63 characters."
NO_NAME: Final = "Please choose a Wi-Fi, or type its name."
NO_COUNTRY: Final = "A country is two letters, for instance GB."
SENTENCES: Final = (TOO_SHORT, NO_NAME, NO_COUNTRY)


class Refused(Exception):
    """What was written cannot be used; its text is a sentence for the page."""


def form(state: State, trouble: str = "") -> str:
    """The page with the form. `trouble`: what was wrong with what was written, before what went wrong last."""
    words = words_of(state.language)
    said = words.said(trouble or state.trouble)
    wrong = f'<p class="wrong" role="alert">{escape(said)}</p>' if said else ""
    chosen = state.wish.name if state.wish else ""
    content = (
        f'{wrong}<p class="hint">{escape(words("page.how"))}</p><form method="post" action="/join">'
        f"<fieldset><legend>{escape(words('page.networks'))}</legend>{_networks(state, chosen, words)}</fieldset>"
        f"{_text('name', words('page.other'), '' if _is_seen(state, chosen) else chosen)}"
        f"{_check('hidden', words('page.hidden'), checked=bool(state.wish and state.wish.hidden))}"
        f"{_text('password', words('page.password'), '', kind='secret')}"
        f"{_check('show', words('page.show'))}"
        f"{_text('country', words('page.country'), state.country, kind='short', more='maxlength=2')}"
        f"{_cloud(state, words)}"
        f"<button>{escape(words('page.go'))}</button></form>"
    )
    return _page(words("page.title"), content, words)


def trying(state: State) -> str:
    """What is left on the phone while the device tries, for its hotspot goes away meanwhile."""
    words = words_of(state.language)
    lines = "".join(f"<p>{escape(words(f'page.{one}'))}</p>" for one in ("trying", "look", "again"))
    return _page(words("page.title"), lines, words)


def read(body: bytes, state: State) -> Submitted:
    """What was written. Raises Refused."""
    try:
        text = body.decode("utf-8")
        fields = parse_qs(text, max_num_fields=_FIELDS, keep_blank_values=True, encoding="utf-8", errors="strict")
    except ValueError as error:
        raise Refused(NO_NAME) from error
    told = {name: values[-1].replace("\0", "") for name, values in fields.items()}
    cloud = address_of(told.get("cloud", ""))
    country = told.get("country", "").strip().upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Refused(NO_COUNTRY)
    return Submitted(_wish(told, state), cloud, country)


def _wish(told: dict[str, str], state: State) -> Wish | None:
    choice, typed, password = told.get("network", ""), told.get("name", "").strip(), told.get("password", "")
    if choice == STAY and not typed:
        return None
    seen = next((one for place, one in enumerate(state.networks) if choice == f"n{place}"), None)
    name = typed or (seen.name if seen else "")
    if not 0 < len(name.encode()) <= _NAME_BYTES:
        raise Refused(NO_NAME)
    if seen and not typed and (not seen.secured or (seen.known and not password)):
        return Wish(name)
    needs = seen is not None and not typed
    if (password or needs) and not _PASSWORD_LEAST <= len(password) <= _PASSWORD_MOST:
        raise Refused(TOO_SHORT)
    return Wish(name, password, hidden="hidden" in told and bool(typed))


def address_of(text: str) -> str:
    """An address as it is meant: of a name alone, or of the portal's page, that of the device's door."""
    text = text.strip()[:_ADDRESS_MOST]
    if not text:
        return ""
    scheme, found, rest = text.partition("://")
    if not found:
        scheme, rest = "wss", text
    scheme = {"https": "wss", "http": "ws"}.get(scheme.lower(), scheme.lower())
    host, _, path = rest.partition("/")
    return f"{scheme}://{host}/{path or 'device'}"


def _networks(state: State, chosen: str, words: Words) -> str:
    lines = [_network(place, one, one.name == chosen, words) for place, one in enumerate(state.networks)]
    if state.joined and state.purpose is not Purpose.WIFI:
        lines.append(_line(STAY, words("page.stay"), "", checked=not chosen))
    lines.append(_line(OTHER, words("page.another"), "", checked=bool(chosen) and not _is_seen(state, chosen)))
    return f'<div class="networks">{"".join(lines)}</div>'


def _network(place: int, seen: Seen, checked: bool, words: Words) -> str:
    kind = "known" if seen.known else "locked" if seen.secured else "open"
    strength = "strong" if seen.signal >= _STRONG else "fair" if seen.signal >= _FAIR else "weak"
    told = f"{words(f'page.{strength}')}, {words(f'page.{kind}')}"
    return _line(f"n{place}", seen.name, told, checked=checked)


def _line(value: str, name: str, told: str, *, checked: bool) -> str:
    mark = " checked" if checked else ""
    small = f"<small>{escape(told)}</small>" if told else ""
    radio = f'<input type="radio" name="network" value="{value}"{mark}>'
    return f"<label>{radio}<span>{escape(name)}</span>{small}</label>"


def _is_seen(state: State, name: str) -> bool:
    return any(one.name == name for one in state.networks)


def _text(name: str, label: str, value: str, *, kind: str = "", more: str = "") -> str:
    css = f' class="{kind}"' if kind else ""
    quiet = 'autocomplete="off" autocapitalize="none" spellcheck="false"'
    field = f'<input type="text" id="{name}" name="{name}" value="{escape(value)}"{css} {quiet} {more}>'
    return f'<label class="field" for="{name}">{escape(label)}</label>{field}'


def _check(name: str, label: str, *, checked: bool = False) -> str:
    mark = " checked" if checked else ""
    return f'<label class="check"><input type="checkbox" id="{name}" name="{name}"{mark}>{escape(label)}</label>'


def _cloud(state: State, words: Words) -> str:
    if state.purpose is Purpose.WIFI:
        return ""
    hint = f'<p class="hint">{escape(words("page.cloud_how"))}</p>'
    return _text("cloud", words("page.cloud"), state.cloud, more='inputmode="url"') + hint


def _page(title: str, content: str, words: Words) -> str:
    direction = "rtl" if words.rtl else "ltr"
    return _template().substitute(title=escape(title), content=content, language=words.language, direction=direction)


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
