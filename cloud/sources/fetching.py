"""Asks a source over the only way out: its own host alone, no private address but what the owner opened, in bounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import structlog
from msgspec import Struct

from browser.egress import Egress, EgressPolicy, Resolve, system_resolve
from browser.hosts import HostPattern
from cloud.clock import Clock
from cloud.sources.definitions import Source
from cloud.sources.errors import SourceRefused, SourceUnfit, SourceUnreachable

log = structlog.get_logger(__name__)
MOST_KEPT = 200


class Answer(Struct, frozen=True):
    """What a source said, and when, in UTC seconds."""

    data: Any
    at: float


class Fetching:
    """Answers of sources, kept for as long as each says. `keys`: the key of a source, by the name of its setting."""

    def __init__(
        self, allow_local: tuple[str, ...], clock: Clock, keys: Mapping[str, str], *, resolve: Resolve = system_resolve
    ) -> None:
        self._allow_local = tuple(HostPattern.parse(place) for place in allow_local)
        self._clock = clock
        self._keys = keys
        self._resolve = resolve
        self._kept: dict[str, Answer] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def get(self, setting: str, source: Source, values: Mapping[str, str]) -> Answer:
        """The answer of a source with these values in its address. Raises SourceError."""
        key = self._keys.get(setting, "")
        url = filled(source.url, {**values, "key": key})
        async with self._asking.setdefault(setting, asyncio.Lock()):
            kept = self._kept.get(url)
            if kept is not None and self._clock() - kept.at <= source.keep_s:
                return kept
            answer = Answer(await self._ask(setting, source, url, key), self._clock())
            self._kept.pop(url, None)
            self._kept[url] = answer
            while len(self._kept) > MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            return answer

    async def _ask(self, setting: str, source: Source, url: str, key: str) -> Any:
        parts = urlsplit(url)
        host = HostPattern(parts.hostname or "", parts.port)
        egress = Egress(EgressPolicy(navigate=(host,), allow_local=self._allow_local), resolve=self._resolve)
        await egress.start()
        try:
            async with asyncio.timeout(source.deadline_s):
                body = await self._read(source, url, key, egress)
        except TimeoutError as error:
            raise SourceUnreachable("It did not answer in time.") from error
        except httpx.HTTPError as error:
            _check_refusals(egress)
            log.warning("source_failed", source=setting, reason=type(error).__name__)
            raise SourceUnreachable("It cannot be reached.") from error
        finally:
            await egress.close()
        try:
            return json.loads(body)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            raise SourceUnfit("Its answer is no JSON.") from error

    async def _read(self, source: Source, url: str, key: str, egress: Egress) -> bytes:
        headers = {"accept": "application/json", "user-agent": "Leveret"}
        if key and "{key}" not in source.url:
            headers[source.key_header] = f"Bearer {key}" if source.key_header.lower() == "authorization" else key
        proxy = f"http://127.0.0.1:{egress.port}"
        async with httpx.AsyncClient(proxy=proxy, trust_env=False, timeout=source.deadline_s) as client:
            async with client.stream("GET", url, headers=headers) as response:
                _check(response, egress)
                body = bytearray()
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > source.most_bytes:
                        raise SourceUnfit("Its answer is longer than I read.")
                return bytes(body)


def filled(url: str, values: Mapping[str, str]) -> str:
    """The address with its values, percent-encoded, so that none can be more than a value."""
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    return url


def _check(response: httpx.Response, egress: Egress) -> None:
    """Raises SourceError for what is no answer. Nothing is followed: a source answers where it was said to."""
    _check_refusals(egress)
    if response.headers.get("proxy-status", "").startswith("leveret"):
        raise SourceUnreachable("It cannot be reached.")
    if response.is_redirect:
        raise SourceRefused("It sends me elsewhere, where I do not follow.")
    if response.status_code in (401, 403):
        raise SourceRefused("It does not let me in.")
    if response.status_code == 404:
        raise SourceUnfit("It knows nothing of that.")
    if response.status_code == 429:
        raise SourceUnreachable("It wants to be asked less often.")
    if response.status_code != 200:
        raise SourceUnreachable(f"It answered with error {response.status_code}.")


def _check_refusals(egress: Egress) -> None:
    if egress.refusals:
        log.warning("source_refused", reason=egress.refusals[-1].reason)
        raise SourceRefused("I am not allowed to go there.")
