"""What is in a QR code that is shown to the camera: a Wi-Fi, as phones and routers write it, or a cloud. Pure.

`WIFI:T:WPA;S:name;P:password;H:true;;` and `LEVERET:A:wss\\://host/device;F:64 hex digits;;` (F: the certificate).
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

WIFI: Final = "WIFI:"
CLOUD: Final = "LEVERET:"
_MOST: Final = 1_000
_SPECIAL: Final = re.compile(r'([\\;,:"])')
_OPEN: Final = frozenset({"", "nopass"})
_NAME_BYTES: Final = 32
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


class WifiCode(Struct, frozen=True):
    """A network; without a password it is an open one. `hidden`: it does not tell its name by itself."""

    name: str
    password: str = ""
    hidden: bool = False


class CloudCode(Struct, frozen=True):
    """Where the cloud is, and the certificate that it must show, if it says."""

    address: str
    certificate: str = ""


def read(text: str) -> WifiCode | CloudCode | None:
    """What the code says; None for any other."""
    if len(text) > _MOST or any(ord(letter) < 32 for letter in text):
        return None
    if text[: len(WIFI)].upper() == WIFI:
        return _wifi(_fields(text[len(WIFI) :]))
    if text[: len(CLOUD)].upper() == CLOUD:
        return _cloud(_fields(text[len(CLOUD) :]))
    return None


def cloud_code(address: str, certificate: str = "") -> str:
    """The text of a cloud's code."""
    proven = f"F:{certificate};" if certificate else ""
    return f"{CLOUD}A:{_escaped(address)};{proven};"


def wifi_code(wish: WifiCode) -> str:
    """The text of a network's code."""
    hidden = "H:true;" if wish.hidden else ""
    if not wish.password:
        return f"{WIFI}T:nopass;S:{_escaped(wish.name)};{hidden};"
    return f"{WIFI}T:WPA;S:{_escaped(wish.name)};P:{_escaped(wish.password)};{hidden};"


def _wifi(fields: dict[str, str]) -> WifiCode | None:
    name, kind = _unquoted(fields.get("S", "")), fields.get("T", "")
    if not 0 < len(name.encode()) <= _NAME_BYTES:
        return None
    password = "" if kind.lower() in _OPEN else _unquoted(fields.get("P", ""))
    return WifiCode(name, password, hidden=fields.get("H", "").lower() == "true")


def _cloud(fields: dict[str, str]) -> CloudCode | None:
    address, certificate = fields.get("A", ""), fields.get("F", "").lower()
    if not address or (certificate and not _FINGERPRINT.fullmatch(certificate)):
        return None
    return CloudCode(address, certificate)


def _fields(text: str) -> dict[str, str]:
    """`K:value;` one after the other, where a backslash takes the meaning from what follows it."""
    found: dict[str, str] = {}
    name, value, escaped = "", "", False
    in_value = False
    for letter in text:
        if escaped:
            value, escaped = value + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == ";":
            if in_value:
                found.setdefault(name.upper(), value)
            name, value, in_value = "", "", False
        elif letter == ":" and not in_value:
            name, value, in_value = value, "", True
        else:
            value += letter
    return found


def _unquoted(text: str) -> str:
    """Some write names of hexadecimal digits between quotes."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
