"""Typing to a running cloud from a terminal: the request goes in, its events are shown, questions are answered."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.prompt import Prompt

from cloud.errors import CloudError

NOTE = "cloud.json"
READ_S = 90.0
HEALTH_S = 4.0


class Unreachable(CloudError, ConnectionError):
    """No cloud answers there."""

    code = "unreachable"


class Refused(CloudError):
    """The cloud took it, and said no: there is no such thing, or it does not fit. `status` is HTTP's."""

    code = "refused"

    def __init__(self, answer: httpx.Response) -> None:
        try:
            told = answer.json()
        except ValueError:
            told = {}
        super().__init__(told.get("error") or f"the cloud answered {answer.status_code}")
        self.status = answer.status_code
        self.code = told.get("code", "refused")


class Address(Struct, frozen=True):
    """Where a cloud listens. `certificate`: the file of the one that it shows, "" for what the system trusts."""

    url: str
    certificate: str = ""

    def trust(self) -> ssl.SSLContext | bool:
        """That very certificate, by whichever name the cloud is reached; else what the system trusts."""
        if not self.certificate:
            return True
        context = ssl.create_default_context(cafile=self.certificate)
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context


def note_address(data_dir: Path, url: str, certificate: str = "") -> Path:
    """Notes where the cloud of this folder listens, for `leveret say`; the path is removed at its end."""
    path = data_dir / NOTE
    path.write_bytes(msgspec.json.encode(Address(url, str(Path(certificate).resolve()) if certificate else "")))
    return path


def address_of(data_dir: Path) -> Address:
    """Where the cloud of this folder listens. Raises Unreachable when none runs."""
    try:
        return msgspec.json.decode((data_dir / NOTE).read_bytes(), type=Address)
    except FileNotFoundError:
        raise Unreachable(f"no cloud runs on {data_dir}; start one with `leveret serve`") from None


def check_health(address: Address) -> None:
    """Returns when the cloud takes requests. Raises Unreachable."""
    try:
        answer = httpx.get(f"{address.url}/health", verify=address.trust(), timeout=HEALTH_S)
    except httpx.HTTPError as error:
        raise Unreachable(f"the cloud at {address.url} does not answer: {error}") from error
    if answer.status_code != httpx.codes.OK:
        raise Unreachable(f"the cloud at {address.url} takes no requests: it is starting or ending")


class Talk:
    """One request over the API, followed to its end."""

    def __init__(self, address: Address, token: str, out: Console) -> None:
        self._url = address.url
        self._trust = address.trust()
        self._headers = {"authorization": f"Bearer {token}"}
        self._out = out
        self._shown = ""

    async def request(self, text: str) -> int:
        """0 when it was done, 1 when it was not. Raises Unreachable."""
        ended = await self._asked("/api/say", {"text": text, "surface": "cli"})
        return 0 if ended is None or ended["status"] == "done" else 1

    async def run(self, skill: str, values: Mapping[str, Any], version: int = 0) -> dict[str, Any]:
        """Starts a skill with given values; its end: `task`, `status` and `sentence`. Raises Unreachable, Refused."""
        given = {"values": values, "version": version}
        return await self._asked(f"/api/skills/{skill}/run", given) or {}

    async def _asked(self, path: str, given: dict[str, Any]) -> dict[str, Any] | None:
        """How the task ended that came of it; None when it became none of its own."""
        try:
            async with httpx.AsyncClient(
                base_url=self._url, headers=self._headers, timeout=READ_S, verify=self._trust
            ) as client:
                answer = await client.post(path, json=given)
                if answer.is_client_error and answer.status_code != httpx.codes.UNAUTHORIZED:
                    raise Refused(answer)
                answer.raise_for_status()
                task = answer.json()["task"]
                return {"task": task, **await self._follow(client, task)} if task else None
        except httpx.HTTPError as error:
            raise Unreachable(f"the cloud at {self._url} does not answer: {error}") from error

    async def _follow(self, client: httpx.AsyncClient, task: str) -> dict[str, Any]:
        accept = {"accept": "text/event-stream"}
        async with client.stream("GET", f"/api/tasks/{task}/events", headers=accept) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data: "):
                    continue
                event = msgspec.json.decode(line[6:])
                self._show(event["kind"], event["data"])
                if event["kind"] == "asked":
                    await self._answer(client, event["data"])
                if event["kind"] == "task_done":
                    ended: dict[str, Any] = event["data"]
                    return ended
        return {
            "status": "unknown",
            "sentence": "The cloud went away before it ended; the portal shows what came of it.",
        }

    def _show(self, kind: str, data: dict[str, Any]) -> None:
        words = {"said": "text", "progress": "text", "step_started": "words", "asked": "text"}.get(kind)
        # A question is said, and then asked: it is shown once.
        if words and data.get(words) != self._shown:
            self._shown = str(data.get(words, ""))
            style = {"said": "bold", "asked": "bold yellow"}.get(kind, "dim")
            self._out.print(self._shown, style=style, highlight=False, markup=False)
        for label, value, *_ in data.get("rows", ()) if kind == "asked" else ():
            self._out.print(f"  {label}: {value}", highlight=False, markup=False)

    async def _answer(self, client: httpx.AsyncClient, ask: dict[str, Any]) -> None:
        if not sys.stdin.isatty():
            self._out.print("(answer it on a device, or in the portal)", style="dim")
            return
        choices = {choice["text"]: choice["value"] for choice in ask["choices"]}
        if choices:
            given = Prompt.ask("", choices=[*choices, "no"], console=self._out)
            body = {"digest": ask["digest"], "answer": choices.get(given, "no")}
        elif ask["kind"] == "slot":
            await client.post(
                "/api/say", json={"text": Prompt.ask("", console=self._out), "ask": ask["ask"], "surface": "cli"}
            )
            return
        else:
            given = Prompt.ask("", choices=["yes", "no"], default="no", console=self._out)
            body = {"digest": ask["digest"], "answer": given}
        await client.post(f"/api/asks/{ask['ask']}", json=body)
