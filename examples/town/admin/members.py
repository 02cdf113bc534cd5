"""Members, their roles, and who may not come in. No I/O but the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from examples.town.ledger import Ledger, MemberRow

ROLES = {"guest": "Guest", "member": "Member", "editor": "Editor", "owner": "Owner"}
BIRDS = (
    *("heron", "wren", "plover", "swift", "kestrel", "finch", "robin", "egret", "curlew", "dunnock", "siskin"),
    *("avocet", "bittern", "crake", "dipper", "fulmar", "godwit", "hobby", "jackdaw", "knot", "linnet", "merlin"),
)


class Member(Struct):
    """Somebody of the town. Mutable."""

    handle: str
    email: str
    role: str
    suspended: bool = False


class Members:
    """All of them."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._written = 0
        roles = tuple(ROLES)
        self.members = {
            bird: Member(bird, f"{bird}@town.example", roles[at * 7 % 3], at % 9 == 4) for at, bird in enumerate(BIRDS)
        }

    def search(self, words: str) -> list[Member]:
        """Those whose address or role holds all the words."""
        wanted = words.lower().split()
        return [each for each in self.members.values() if all(word in f"{each.email} {each.role}" for word in wanted)]

    def invite(self, email: str, role: str) -> str:
        """Adds somebody. What stands in the way is said; else nothing."""
        handle = email.partition("@")[0].lower()
        if not re.fullmatch(r"[a-z0-9.-]+@[a-z0-9.-]+\.[a-z]+", email.lower()):
            return "This is not an email address."
        if role not in ROLES:
            return "Please choose a role."
        if handle in self.members:
            return f"{handle} is a member already."
        self.members[handle] = Member(handle, email.lower(), role)
        self._write("invited", self.members[handle])
        return ""

    def give_role(self, member: Member, role: str) -> None:
        """Another role, if it is one."""
        if role in ROLES and role != member.role:
            member.role = role
            self._write("role", member)

    def suspend(self, member: Member, suspended: bool) -> None:
        """Shut out, or let in again."""
        if member.suspended != suspended:
            member.suspended = suspended
            self._write("suspended" if suspended else "restored", member)

    def _write(self, what: Literal["invited", "role", "suspended", "restored"], member: Member) -> None:
        self._written += 1
        at = self._now().isoformat(timespec="seconds")
        number = f"U-{self._written}"
        self._ledger.write(MemberRow(number=number, what=what, email=member.email, role=member.role, at=at))
