"""Where releases come from: a folder (a USB stick), one file, or a folder on the web with an `index.json`."""

from __future__ import annotations

import contextlib
import http.client
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec
from msgspec import Struct

from release.bundle import SUFFIX, read_head
from release.errors import NoSource, NotNewer, ReleaseError
from release.judging import Here, judge
from release.manifest import About, decode
from release.trust import Keys, check

INDEX: Final = "index.json"
INDEX_BYTES: Final = 1 << 20
_PATIENCE_S: Final = 20.0
_RESUMES: Final = 8
_STICK_FILES: Final = 200

Read = Callable[[int], bytes]


class Listed(About, frozen=True, kw_only=True):
    """A release in an index. `file`: its name beside the index."""

    file: str


class Index(Struct, frozen=True, kw_only=True):
    """What stands in `index.json`. Nothing of it is trusted: the bundle is signed."""

    format: Literal[1] = 1
    releases: tuple[Listed, ...] = ()


class Found(Struct, frozen=True, kw_only=True):
    """A release that could be taken. `about`: as it was announced, and not trusted. `file`: its path or address."""

    about: About
    file: str


class Source(Protocol):
    """Where releases come from."""

    def find(self, here: Here, keys: Keys) -> Found:
        """The newest one that fits. Raises ReleaseError with the reason why there is none.

        `keys`: where the bundles themselves are at hand, those of strangers are passed over.
        """
        ...

    def open(self, found: Found) -> contextlib.AbstractContextManager[Read]:
        """Its bytes from the beginning. Raises NoSource, at once or while it is read."""
        ...


def newest(listed: list[tuple[About, str]], here: Here, where: str) -> Found:
    """The newest of these that fits; pure. Raises the reason that speaks against the newest, or NoSource."""
    if not listed:
        raise NoSource(f"There is no release in {where}. Put a file that ends with {SUFFIX} there.")
    against: ReleaseError | None = None
    for about, file in sorted(listed, key=lambda one: one[0].counter, reverse=True):
        try:
            judge(about, here)
        except ReleaseError as error:
            # What runs here already says more than what is not for it at all.
            if against is None or (isinstance(error, NotNewer) and not isinstance(against, NotNewer)):
                against = error
        else:
            return Found(about=about, file=file)
    assert against is not None
    raise against


class Folder:
    """A folder with bundles, or one bundle."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, here: Here, keys: Keys) -> Found:
        """See `Source`."""
        try:
            paths = [self._path] if self._path.is_file() else sorted(self._path.glob(f"*{SUFFIX}"))[:_STICK_FILES]
            if not self._path.exists():
                raise NoSource(f"{self._path} is not there. Is the stick plugged in, and is it mounted there?")
            listed: list[tuple[About, str]] = []
            broken: ReleaseError | None = None
            for path in paths:
                try:
                    with path.open("rb") as file:
                        head = read_head(file.read)
                    check(keys, head.signature, head.manifest)
                    listed.append((decode(head.manifest), str(path)))
                except ReleaseError as error:
                    broken = error
        except OSError as error:
            raise self._gone(error) from error
        if broken is not None and not listed:
            raise broken
        return newest(listed, here, str(self._path))

    @contextlib.contextmanager
    def open(self, found: Found) -> Iterator[Read]:
        """See `Source`."""
        try:
            file = Path(found.file).open("rb")  # noqa: SIM115  # closed below
        except OSError as error:
            raise self._gone(error) from error
        with file:

            def read(count: int) -> bytes:
                try:
                    return file.read(count)
                except OSError as error:
                    raise self._gone(error) from error

            yield read

    def _gone(self, error: OSError) -> NoSource:
        return NoSource(f"{self._path} cannot be read: {error.strerror}. Plug the stick in again, then try again.")


class Web:
    """A folder on the web. A connection that breaks is taken up where it broke."""

    def __init__(self, address: str, *, patience_s: float = _PATIENCE_S) -> None:
        """`address`: http or https. `patience_s`: for each answer, and each piece of it."""
        self._patience_s = patience_s
        self._address = address if address.endswith("/") else address + "/"

    def find(self, here: Here, keys: Keys) -> Found:
        """See `Source`."""
        with self._opened(self._address + INDEX) as answer:
            data = _all(answer, INDEX_BYTES)
        try:
            index = msgspec.json.decode(data, type=Index)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NoSource(
                f"{self._address}{INDEX} cannot be read: {error}. Is that the right address, and does no page for "
                "signing in to the Wi-Fi answer in its place?"
            ) from error
        listed: list[tuple[About, str]] = [(one, one.file) for one in index.releases if _plain(one.file)]
        return newest(listed, here, self._address)

    @contextlib.contextmanager
    def open(self, found: Found) -> Iterator[Read]:
        """See `Source`."""
        stream = _Stream(lambda at: self._opened(self._address + urllib.parse.quote(found.file), at))
        try:
            yield stream.read
        finally:
            stream.close()

    def _opened(self, address: str, at: int = 0) -> http.client.HTTPResponse:
        wanted = urllib.request.Request(address, headers={"Range": f"bytes={at}-"} if at else {})  # noqa: S310  # http(s)
        try:
            answer: http.client.HTTPResponse = urllib.request.urlopen(wanted, timeout=self._patience_s)  # noqa: S310
        except urllib.error.HTTPError as error:
            with error:
                raise NoSource(f"{address} answers {error.code}. Is the address in update.toml right?") from error
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise NoSource(
                f"{address} does not answer: {reason}. Is the network up? It is tried again later."
            ) from error
        if at and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            answer.close()
            raise NoSource(f"{address} cannot go on where it broke off. Try again.")
        return answer


class _Stream:
    """Bytes from the web, from a new connection when the old one breaks."""

    def __init__(self, begin: Callable[[int], http.client.HTTPResponse]) -> None:
        self._begin = begin
        self._answer = begin(0)
        self._at = 0
        self._resumes = _RESUMES

    def read(self, count: int) -> bytes:
        """Nothing at the end. Raises NoSource."""
        while True:
            try:
                piece = self._answer.read(count)
            except (OSError, http.client.HTTPException) as error:
                self._again(error)
                continue
            if not piece and self._answer.length:
                self._again(None)
                continue
            self._at += len(piece)
            return piece

    def _again(self, error: Exception | None) -> None:
        if not self._resumes:
            why = f": {error}" if error else ""
            raise NoSource(f"The connection breaks again and again{why}. It is tried again later.")
        self._resumes -= 1
        self._answer.close()
        self._answer = self._begin(self._at)

    def close(self) -> None:
        self._answer.close()


def _all(answer: http.client.HTTPResponse, most: int) -> bytes:
    try:
        data = answer.read(most + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NoSource(f"{answer.url} breaks off: {error}. It is tried again later.") from error
    if len(data) > most:
        raise NoSource(f"{answer.url} is larger than {most:,} bytes, and no index is. Is the address right?")
    return data


def _plain(file: str) -> bool:
    return file.endswith(SUFFIX) and os.sep not in file and not file.startswith(".") and file.isprintable()


def source_of(place: str) -> Source:
    """An address, or a path."""
    return Web(place) if place.startswith(("http://", "https://")) else Folder(Path(place))
