"""A source of weather or facts, as the owner configures it, and what of it cannot be used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct, field

from cloud.sources.paths import parse_path
from cloud.sources.tables import read_table
from language import templates
from language.errors import MalformedTemplate
from language.measures import UNITS

WEATHER = "weather"
NOW = ("temperature", "feels", "wind", "sky", "rain", "humidity")
DAILY = ("day", "high", "low", "day_sky", "day_rain", "day_wind")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = re.compile(r"\{([^{}]*)\}")


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where facts come from: a JSON address, or a table in a `file`. The key stays in its file.

    `find` maps what is told to where it stands in the answer. `asks` are the sentences that ask it, `say` is the
    answer; `column` names the column of a file that is asked for. `places` gives the values of an address by place.
    """

    name: str = ""  # as it is called aloud
    url: str = ""
    file: str = ""
    key_file: str = ""
    key_header: str = "Authorization"
    keep_s: Annotated[float, Meta(ge=0, le=86_400)] = 600.0  # how long an answer is told again before it is asked anew
    deadline_s: Annotated[float, Meta(gt=0, le=30)] = 6.0
    most_bytes: Annotated[int, Meta(gt=0, le=4 << 20)] = 512 << 10
    find: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # what a value of it is in words, such as "61" = "light rain"
    units: dict[str, str] = field(default_factory=dict)  # of temperature, wind and rain
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    say: str = ""
    column: str = ""


def faults_of(name: str, source: Source) -> list[str]:
    """Why a source cannot be used, each with what to write; empty when it can."""
    faults = [] if _NAME.fullmatch(name) else ["a source is called by lower-case letters, digits and _"]
    if bool(source.url) == bool(source.file):
        faults.append("give it either a url or a file")
    if source.url:
        faults += _url_faults(source)
    for told, path in source.find.items():
        try:
            parse_path(path)
        except ValueError as error:
            faults.append(f"find.{told}: {error}")
    if name == WEATHER:
        return faults + _weather_faults(source)
    return faults + _fact_faults(source)


def slots_of(source: Source) -> tuple[str, ...]:
    """The names of what is asked for, in the order of its sentences."""
    return tuple(dict.fromkeys(slot for ask in source.asks for slot in templates.parse(ask).slots))


def needs_place(source: Source) -> bool:
    """Whether its answer is that of a place."""
    return bool(source.places) or "place" in _PLACE.findall(source.url)


def _url_faults(source: Source) -> list[str]:
    faults = []
    try:
        parts = urlsplit(source.url)
        port = parts.port
    except ValueError:
        return [f"url {source.url!r} is no web address"]
    if parts.scheme not in ("http", "https") or not parts.hostname:
        faults.append(f"url {source.url!r} is no web address; write https://…")
    if parts.username is not None or parts.password is not None:
        faults.append("a key does not stand in the url; name its key_file")
    if "{" in parts.netloc or port == 0:
        faults.append("the host of the url is fixed: nothing that is said goes into it")
    known = {"place", "key", *(value for place in source.places.values() for value in place)}
    asked = set() if not source.asks else _slots_or_none(source)
    for value in _PLACE.findall(source.url):
        if value not in known | asked:
            faults.append(f"the url names {{{value}}}, which is neither place, key, asked for, nor given by places")
    if "key" in _PLACE.findall(source.url) and not source.key_file:
        faults.append("the url names {key}; name its key_file")
    return faults


def _slots_or_none(source: Source) -> set[str]:
    try:
        return set(slots_of(source))
    except MalformedTemplate:
        return set()


def _weather_faults(source: Source) -> list[str]:
    faults = []
    if not source.url:
        faults.append("weather comes from a url")
    unknown = sorted(set(source.find) - {*NOW, *DAILY})
    if unknown:
        faults.append(f"find.{unknown[0]} is nothing that is told; there are {', '.join((*NOW, *DAILY))}")
    if not set(source.find) & {"temperature", "high", "sky", "day_sky"}:
        faults.append("find needs one of temperature, sky, high and day_sky")
    if set(source.find) & set(DAILY[1:]) and "day" not in source.find:
        faults.append("a forecast needs find.day, the dates of its days (2026-11-23)")
    for told, unit in source.units.items():
        fits = {"temperature": ("temperature",), "wind": ("speed",), "rain": ("length", "percent")}.get(told)
        if fits is None:
            faults.append(f"units.{told} is none; there are temperature, wind and rain")
        elif unit.lower() not in UNITS or UNITS[unit.lower()].kind not in fits:
            faults.append(f"units.{told}: {unit!r} is no unit of it")
    return faults


def _fact_faults(source: Source) -> list[str]:
    faults = []
    if not source.asks or not source.say:
        faults.append("facts need asks (sentences that ask) and say (the answer)")
    try:
        slots = slots_of(source)
    except MalformedTemplate as error:
        return [*faults, f"asks: {error}"]
    told = {*source.find, *slots}
    if source.file:
        try:
            columns = set(read_table(Path(source.file))[0])
        except OSError as error:
            return [*faults, f"cannot read {source.file}: {error.strerror}"]
        except ValueError as error:
            return [*faults, str(error)]
        told |= columns
        if source.column not in columns:
            faults.append(f"column {source.column!r} is none of the file's: {', '.join(sorted(columns))}")
        if len(slots) != 1:
            faults.append("a file is asked with exactly one {name}, which is looked up in its column")
    elif not source.find:
        faults.append("facts of a url need find")
    for name in _PLACE.findall(source.say):
        if name not in told:
            faults.append(f"say names {{{name}}}, which is neither found nor asked for")
    return faults
