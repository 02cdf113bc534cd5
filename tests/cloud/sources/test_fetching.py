"""Answers of a real server: good ones, and all that a server may do wrong."""

from __future__ import annotations

from typing import Any

import pytest

from cloud.sources.errors import SourceError, SourceRefused, SourceUnfit, SourceUnreachable
from cloud.sources.fetching import filled


async def test_an_answer_is_kept_for_its_time_and_then_asked_anew(station: Any) -> None:
    station.body = {"value": 1}
    fetching, source = station.fetching(), station.source("/now?q={place}", keep_s=60)
    first = await fetching.get("weather", source, {"place": "Zürich & more"})
    station.now += 60
    assert await fetching.get("weather", source, {"place": "Zürich & more"}) == first
    station.now += 1
    again = await fetching.get("weather", source, {"place": "Zürich & more"})
    assert (first.data, again.at - first.at) == ({"value": 1}, 61)
    assert station.asked == ["/now?q=Z%C3%BCrich%20%26%20more"] * 2


@pytest.mark.parametrize(("header", "sent"), [("Authorization", "Bearer s3cret-key"), ("X-Key", "s3cret-key")])
async def test_a_key_goes_into_its_header(station: Any, header: str, sent: str) -> None:
    fetching = station.fetching(keys={"weather": "s3cret-key"})
    await fetching.get("weather", station.source(key_header=header), {})
    assert (station.keys, station.asked) == ([sent], ["/"])


async def test_a_key_goes_into_the_address_where_that_asks_for_it(station: Any) -> None:
    await station.fetching(keys={"weather": "s3cret-key"}).get("weather", station.source("/?key={key}"), {})
    assert (station.keys, station.asked) == ([""], ["/?key=s3cret-key"])


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"waits": True}, SourceUnreachable, "in time"),
        ({"body": b"[" + b"1," * 40_000 + b"1]"}, SourceUnfit, "longer than I read"),
        ({"body": b"<html>"}, SourceUnfit, "no JSON"),
        ({"body": b"\xff\xfe"}, SourceUnfit, "no JSON"),
        ({"body": b"[" * 30_000}, SourceUnfit, "no JSON"),
        ({"status": 302, "headers": {"location": "http://169.254.169.254/"}}, SourceRefused, "sends me elsewhere"),
        ({"status": 401}, SourceRefused, "let me in"),
        ({"status": 404}, SourceUnfit, "knows nothing"),
        ({"status": 429}, SourceUnreachable, "less often"),
        ({"status": 500}, SourceUnreachable, "error 500"),
    ],
)
async def test_what_is_no_answer_is_told_and_not_kept(
    station: Any, answer: dict[str, Any], error: type[SourceError], words: str
) -> None:
    fetching = station.fetching()
    source = station.source(deadline_s=0.3 if answer.get("waits") else 20.0, most_bytes=65536)
    for name, value in answer.items():
        setattr(station, name, value)
    with pytest.raises(error, match=words):
        await fetching.get("weather", source, {})
    station.waits, station.status, station.body = False, 200, {"good": True}
    assert (await fetching.get("weather", station.source(), {})).data == {"good": True}


async def test_a_private_address_is_not_reached_unless_the_owner_opened_it(station: Any) -> None:
    with pytest.raises(SourceRefused, match="not allowed"):
        await station.fetching(allow_local=()).get("weather", station.source(), {})
    assert station.asked == []


@pytest.mark.parametrize("address", ["10.0.0.7", "169.254.169.254", "::1", "127.0.0.1"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_that_leads_to_a_private_address_is_not_reached(station: Any, address: str, scheme: str) -> None:
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        return (address,)

    source = station.source(url=f"{scheme}://weather.example/")
    with pytest.raises(SourceRefused, match="not allowed"):
        await station.fetching(resolve=resolve).get("weather", source, {})


async def test_nobody_there_is_told(station: Any) -> None:
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        raise OSError("no such name")

    for scheme in ("http", "https"):
        with pytest.raises(SourceUnreachable, match="cannot be reached"):
            await station.fetching(resolve=resolve).get("w", station.source(url=f"{scheme}://no.example/"), {})


def test_what_is_said_is_a_value_of_an_address_and_nothing_more() -> None:
    place = "../admin?x=1#{key}&y=\r\nHost: evil"
    assert filled("https://w.example/{place}", {"place": place, "key": "k"}).count("/") == 3
    assert "\r" not in filled("https://w.example/{place}", {"place": place})
