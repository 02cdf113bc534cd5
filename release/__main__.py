"""`leveret-release` (`python -m release`): the maker's side. Makes, signs and looks at releases."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from release import index, laying, making
from release.errors import ReleaseError
from release.manifest import ANY, Manifest
from release.trust import Keys, public_of


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="leveret-release", description="Makes, signs and looks at releases of Leveret.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    key = commands.add_parser("key", help="make a private key, and print its public one")
    key.add_argument("key", type=Path, help="the file that it goes into; keep it off the device")
    make = commands.add_parser("make", help="pack a folder with bin/ and lib/ into a bundle")
    make.add_argument("folder", type=Path)
    make.add_argument("bundle", type=Path, help="what to write; ends with .leveret")
    make.add_argument("--key", type=Path, help="private key to sign with (else it is signed later)")
    make.add_argument("--program", choices=("device", "cloud"), required=True)
    make.add_argument("--version", required=True)
    make.add_argument("--counter", type=int, required=True, help="higher than that of any release before")
    make.add_argument("--channel", choices=("stable", "beta"), default="stable")
    make.add_argument("--architecture", default=ANY, help="as `uname -m` says it there (default: any)")
    make.add_argument("--hardware", action="append", default=[], help="a build that it is for; may be repeated")
    make.add_argument("--python", default=ANY, help="minor version that it was made for, such as 3.11 (default: any)")
    make.add_argument("--notes", default="", help="what is new, in words")
    sign = commands.add_parser("sign", help="sign a bundle, in place of the signature that it has")
    sign.add_argument("bundle", type=Path)
    sign.add_argument("--key", type=Path, required=True)
    verify = commands.add_parser("verify", help="look at all of a bundle, as a machine does that trusts these keys")
    verify.add_argument("bundle", type=Path)
    verify.add_argument("--trust", action="append", required=True, metavar="HEX", help="a public key; may be repeated")
    listing = commands.add_parser("index", help="write index.json for the bundles of a folder")
    listing.add_argument("folder", type=Path)
    lay = commands.add_parser("lay", help="lay the folder of a program with its first release; for the installer")
    lay.add_argument("root", type=Path, help="such as /opt/leveret/device")
    lay.add_argument("folder", type=Path, help="what `make` was given: bin/, lib/, release.json")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """0 done; 1 refused, with the reason on stderr."""
    flags = parser().parse_args(argv)
    try:
        said = _done(flags)
    except ReleaseError as error:
        sys.stderr.write(f"leveret-release: {error}\n")
        return 1
    sys.stdout.write(said + "\n")
    return 0


def _done(flags: argparse.Namespace) -> str:
    match flags.command:
        case "key":
            return making.make_key(flags.key).hex()
        case "make":
            secret = making.read_secret(flags.key) if flags.key else None
            names = ("program", "version", "counter", "channel", "architecture", "hardware", "python", "notes")
            told = {name: getattr(flags, name) for name in names}
            return _line(making.make(flags.folder, flags.bundle, secret=secret, **told))
        case "sign":
            secret = making.read_secret(flags.key)
            return f"{_line(making.sign_again(flags.bundle, secret))}, signed with {public_of(secret).hex()}"
        case "verify":
            return _line(making.verify(flags.bundle, Keys(trusted=tuple(_key(one) for one in flags.trust))))
        case "index":
            return f"{index.write(flags.folder)} releases are listed"
        case _:
            laying.lay_boot(flags.root)
            return f"{laying.lay_first(flags.root, flags.folder).name} lies in {flags.root}"


def _key(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ReleaseError(
            f"{text!r} is no public key: 64 hex digits are due, as `leveret-release key` says."
        ) from error


def _line(made: Manifest) -> str:
    where = f"{made.program}, {made.architecture}, {made.channel}"
    return (
        f"{made.name}: {where}; {len(made.files)} files, {made.unpacked_bytes:,} bytes, packed {made.payload_bytes:,}"
    )


if __name__ == "__main__":
    sys.exit(main())
