"""What types a person's secrets: into a field of the right kind, on the right site, and out of everybody's sight."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, BrowserError
from browser.fingerprint import Fingerprint
from browser.page import Page
from browser.secrecy import Field
from cloud.clock import Clock
from cloud.errors import SecretUnknown, VaultError
from cloud.logs import can_be_told
from cloud.people.vault import Entry, Revealed, Vault
from teach_mode.errors import SecretRefused

# A code that is typed with less time left may arrive at the site too late.
MARGIN_S = 4.0
FILL_MS = 10_000
TEXT_TYPES = frozenset({"", "text", "tel", "number", "password", "search", "email", "url"})
CODE_WORDS = re.compile(r"\b(code|codes|otp|totp|token|2fa|mfa|pin|passcode|one-time|authenticator|verification)\b")
CARD_WORDS = re.compile(r"\b(card|cc|cvc|cvv|csc|expiry|expiration|security code|karte|kartennummer)\b")

Wait = Callable[[float], Awaitable[None]]


class Veil(Protocol):
    """What keeps pictures of a page: none between `drop` and `lift`, which may be nested."""

    def drop(self) -> None: ...

    def lift(self) -> None: ...


class VaultSecrets:
    """A `teach_mode.interfaces.Secrets` for one run. Leave it to end its watching over fields that were filled.

    `wait` lets seconds pass; `watch_code` is told each one-time code before it is typed.
    """

    def __init__(
        self,
        vault: Vault,
        person: str,
        veil: Veil,
        *,
        clock: Clock,
        wait: Wait = asyncio.sleep,
        watch_code: Callable[[str], None] = lambda code: None,
    ) -> None:
        self._vault = vault
        self._person = person
        self._veil = veil
        self._clock = clock
        self._wait = wait
        self._watch_code = watch_code
        self._watching: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._watching:
            task.cancel()
        if self._watching:
            await asyncio.wait(self._watching)

    async def type_into(self, page: Page, at: Sighting, name: str, *, origin: str, deadline: Deadline) -> None:
        """See the protocol. The field and all documents around it are judged right before, whatever `origin` was."""
        revealed = await self._revealed(name)
        entry = revealed.entry

        def check(field: Field) -> None:
            refuse_strange(entry, field)

        check(await page.secret_field(at, deadline=deadline.sooner_of(FILL_MS)))
        value = revealed.value
        if entry.kind == "one_time_code":
            value = await self._code(revealed, deadline)
        self._veil.drop()
        try:
            await page.fill_secret(at, value, check=check, deadline=deadline.sooner_of(FILL_MS))
        finally:
            # Another value stands on many a page by chance: its field alone is watched.
            sought = value if can_be_told(value) and entry.kind != "text" else ""
            task = asyncio.create_task(self._lift_when_unseen(page, at, sought, entry.origins))
            self._watching.add(task)
            task.add_done_callback(self._watching.discard)

    async def _revealed(self, name: str) -> Revealed:
        try:
            return await self._vault.reveal(self._person, name)
        except SecretUnknown:
            sentence = f"I have no secret called {name}. Put it into the vault, and ask again."
            raise SecretRefused(sentence, rule="secret_unknown") from None
        except VaultError as error:
            sentence = f"I cannot open the secret called {name}. Remove it from the vault, and add it again."
            raise SecretRefused(sentence, rule=error.code) from None

    async def _code(self, revealed: Revealed, deadline: Deadline) -> str:
        """A code that was never typed before and is good for a while yet; waited for."""
        seed, name = revealed.seed, revealed.entry.name
        while True:
            now = self._clock()
            left_s, window = seed.left_s(now), seed.window(now)
            if left_s >= MARGIN_S and await self._vault.use_window(self._person, name, window):
                code = seed.code(window)
                self._watch_code(code)
                return code
            if left_s * 1000 > deadline.left_ms():
                raise ActionTimeout(f"no fresh one-time code of {name} comes before the deadline; try again later")
            await self._wait(left_s)

    async def _lift_when_unseen(self, page: Page, at: Sighting, value: str, origins: tuple[str, ...]) -> None:
        with suppress(BrowserError):
            await page.until_unseen(at, value, origins=origins)
            self._veil.lift()


def refuse_strange(entry: Entry, field: Field) -> None:
    """Raises SecretRefused unless all documents that the field stands in are allowed, and it is a field for this."""
    for origin in field.origins:
        if origin not in entry.origins:
            sentence = f"The secret called {entry.name} does not belong on {origin}, so I did not type it."
            raise SecretRefused(sentence, rule="secret_origin")
    in_boxes = entry.kind == "one_time_code" and field.boxes > 0
    if not entry.any_field and not in_boxes and not takes(entry.kind, field.seen):
        what = entry.kind.replace("_", "-")
        sentence = f"The field for the secret called {entry.name} is none for a {what}, so I did not type it."
        raise SecretRefused(sentence, rule="secret_field")


def takes(kind: str, seen: Fingerprint) -> bool:
    """Whether a field is one for this kind of secret, by its type, its `autocomplete` and what it is called."""
    if seen.tag not in ("input", "textarea"):
        return False
    type_ = seen.attributes.get("type", "").lower() if seen.tag == "input" else ""
    purpose = seen.attributes.get("autocomplete", "").lower().split()[-1:]
    if kind == "password":
        return type_ == "password"
    if type_ not in TEXT_TYPES:
        return False
    if kind == "one_time_code":
        return purpose == ["one-time-code"] or bool(CODE_WORDS.search(called(seen)))
    if kind == "card":
        return bool(purpose and purpose[0].startswith("cc-")) or bool(CARD_WORDS.search(called(seen)))
    return True


def called(seen: Fingerprint) -> str:
    """All that a field is called, in small letters, words apart."""
    names = (seen.name, seen.label, *(seen.attributes.get(key, "") for key in ("id", "name", "placeholder")))
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", " ".join(names))
    return f"{apart} {' '.join(names)}".lower()
