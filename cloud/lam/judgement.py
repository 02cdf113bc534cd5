"""Step + World -> Verdict. Rules check what a model proposes; a rule that fires is named."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Verdict(Struct, frozen=True, kw_only=True):
    """go | ask | refuse, with the rule that decided and a reason for people."""

    decision: Literal["go", "ask", "refuse"]
    rule: str
    reason: str = ""
