"""The key with which a person signs the skills that they hand on. It is made with the first of them."""

from __future__ import annotations

from pathlib import Path

from cloud.people.accounts import write_secret
from teach_mode.sharing.signing import new_key

FILE = "maker.key"


def maker_key(people: Path) -> str:
    """The private key, in hex. `people` is the folder of the accounts. Raises OSError."""
    path = people / FILE
    if not path.exists():
        write_secret(path, new_key())
    return path.read_text(encoding="ascii").strip()
