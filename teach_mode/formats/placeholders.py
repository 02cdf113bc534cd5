"""What stands in a file for what is in none: a secret, by its name in the vault. Pure."""

from __future__ import annotations

import re

_SECRET = re.compile(r"<secret: ([a-z][a-z0-9_ ]*)>")


def for_secret(name: str) -> str:
    """What is written in place of a secret, for whoever plays the file to fill in."""
    return f"<secret: {name}>"


def secret_in(value: str) -> str:
    """The name of the secret that a value stands for; "" when it is none of ours."""
    found = _SECRET.fullmatch(value)
    return found[1] if found is not None else ""
