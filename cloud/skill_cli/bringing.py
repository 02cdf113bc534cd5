"""`leveret skill import`: each file is shown, then saved, or refused with the reason; the others go on."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.prompt import Prompt

from cloud.skill_cli.connecting import Skills
from cloud.skill_cli.doing import DONE, REFUSED, WRONG, Told
from cloud.talking import Refused

# So much of a digest is shown, and enough to accept by.
SHORT_DIGEST = 16


class Bringing:
    """Brings files. `tests`: only these of each, by name or number from 1; empty: all."""

    def __init__(
        self,
        told: Told,
        *,
        name: str,
        tests: Sequence[str],
        replace: bool,
        dry_run: bool,
        accept: str,
        give: Mapping[str, Path],
    ) -> None:
        self._told = told
        self._say = told.telling.say
        self._name = name
        self._tests = tests
        self._replace = replace
        self._dry_run = dry_run
        self._accept = accept
        self._give = give

    async def all(self, skills: Skills, files: Sequence[Path], named: str, site: str) -> int:
        """The worst of the exit codes."""
        found = [await self._one(skills, path, named, site) for path in files]
        self._told.show({"files": found}, lambda: None)
        return max(int(one["exit"]) for one in found)

    async def _one(self, skills: Skills, path: Path, named: str, site: str) -> dict[str, Any]:
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            return self._failed(path, WRONG, f"{path} cannot be read: {error.strerror}")
        given = {"data": base64.b64encode(data).decode(), "filename": path.name, "format": named, "base": site}
        try:
            shown = await skills.post("/api/imports", given)
            chosen = self._chosen(shown["skills"])
            for one in chosen:
                self._show(path, one)
            if self._dry_run:
                return {"file": str(path), "exit": DONE, "skills": chosen, "saved": []}
            take = [{"index": one["index"], "name": self._name} for one in chosen]
            save = {**given, "digest": shown["digest"], "take": take, "replace": self._replace}
            if shared := next((one["shared"] for one in chosen if one["shared"]), None):
                if not self._accepted(shared["digest"]):
                    return self._failed(path, REFUSED, f"{path.name} was not accepted; nothing of it is kept")
                save |= {"accept": shared["digest"], "files": await self._given()}
            saved = (await skills.post("/api/imports/save", save))["saved"]
        except Refused as error:
            return self._failed(path, REFUSED if error.status == 409 else WRONG, str(error))
        except (ValueError, OSError) as error:
            return self._failed(path, WRONG, f"{path.name}: {error}")
        for one in saved if not self._told.as_json else ():
            said = f"; say “{one['example']}”" if one["example"] else ""
            self._say(f"{path.name} is {one['name']}, version {one['version']}{said}", "green")
        return {"file": str(path), "exit": DONE, "skills": chosen, "saved": saved}

    def _chosen(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Raises ValueError when there is no such test, or one name for several."""
        chosen = found
        if self._tests:
            wanted = set(self._tests)
            chosen = [one for one in found if {str(one["index"] + 1), one["name"], one["title"]} & wanted]
            if not chosen:
                there = ", ".join(f"{one['index'] + 1} {one['name']}" for one in found)
                raise ValueError(f"there is no test {', '.join(self._tests)}; there are: {there}")
        if self._name and len(chosen) > 1:
            raise ValueError(f"there are {len(chosen)} skills in it, and one name; choose one with --test")
        return chosen

    def _accepted(self, digest: str) -> bool:
        """By the digest that was said, or by a yes in the terminal."""
        if self._accept:
            return len(self._accept) >= SHORT_DIGEST and digest.startswith(self._accept)
        if self._told.as_json or not sys.stdin.isatty():
            if not self._told.as_json:
                self._say(f"To accept it: --accept {digest[:SHORT_DIGEST]}", "yellow")
            return False
        return Prompt.ask("Accept it?", choices=["yes", "no"], default="no") == "yes"

    async def _given(self) -> dict[str, str]:
        """Files that the skill lacks. Raises OSError."""
        read = {name: await asyncio.to_thread(path.read_bytes) for name, path in self._give.items()}
        return {name: base64.b64encode(data).decode() for name, data in read.items()}

    def _show(self, path: Path, one: dict[str, Any]) -> None:
        if self._told.as_json:
            return
        if one["shared"]:
            self._told.telling.offered(one)
            return
        of = f", {one['steps']} step{'' if one['steps'] == 1 else 's'}"
        self._say(f"{path.name} ({one['tool']}): {one['title']}{of}", "bold")
        if one["notes"]:
            self._say("  could not be carried as it was:", "yellow")
        self._told.telling.notes(one["notes"])
        self._told.telling.weaknesses(one["weaknesses"])
        if self._dry_run:
            self._told.telling.powers(one["powers"])
            if one["taken"] and not (self._replace or self._name):
                self._say(f"  there is {one['name']} already: give it another name, or --replace it", "yellow")

    def _failed(self, path: Path, code: int, why: str) -> dict[str, Any]:
        if not self._told.as_json:
            self._say(f"{why}", "red")
        return {"file": str(path), "exit": code, "error": why, "skills": [], "saved": []}
