"""A disk whose power can go: it is told every change below a folder, and says what may be left of it at any moment.

What a loss of power leaves is what was synced, and of the rest whatever it likes: contents and names that were not
synced may be there or not, contents also in part. A rename is one thing: the old name is only gone where the new one is
there. `Recorder` hears the changes from Python's own calls; that it hears all of them is tested (`Disk.tree`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

# Calls that change something, or make it last.
CALLS: Final = (
    "open",
    "write",
    "pwrite",
    "fsync",
    "close",
    "ftruncate",
    "fchmod",
    "chmod",
    "rename",
    "replace",
    "symlink",
    "link",
    "unlink",
    "remove",
    "mkdir",
    "rmdir",
)
Change = tuple[Any, ...]
WAYS: Final = ("all", "synced", "names", "torn", "contents", "some")


class Recorder:
    """Tells `hear` of each change below `root`, before it is made."""

    def __init__(self, root: Path, hear: Callable[[Change], None]) -> None:
        self._root = os.path.realpath(root) + os.sep
        self._hear = hear
        self._names: dict[int, str] = {}
        self._real = {name: getattr(os, name) for name in CALLS}

    def __enter__(self) -> Recorder:
        for name in CALLS:
            setattr(os, name, getattr(self, f"_{name}", None) or self._by_path(name))
        return self

    def __exit__(self, *_: object) -> None:
        for name, real in self._real.items():
            setattr(os, name, real)

    def outside(self, path: Path) -> None:
        """Another program changed this file, and synced it (SQLite does)."""
        if (inner := self._inner(path)) is not None:
            self._hear(("outside", inner, path.read_bytes()))

    def _inner(self, path: Any) -> str | None:
        if isinstance(path, int):
            return self._names.get(path)
        named = Path(os.path.abspath(path))  # noqa: PTH100  # a link stays one
        full = str(named.parent.resolve() / named.name)
        if full + os.sep == self._root:
            return ""
        return full.removeprefix(self._root) if full.startswith(self._root) else None

    def _open(self, path: Any, flags: int, mode: int = 0o777, **rest: Any) -> int:
        inner = None if rest.get("dir_fd") is not None else self._inner(path)
        if inner is not None and flags & os.O_CREAT and not os.path.lexists(path):
            self._hear(("create", inner))
        elif inner is not None and flags & os.O_TRUNC:
            self._hear(("truncate", inner, 0))
        handle: int = self._real["open"](path, flags, mode, **rest)
        if inner is not None:
            self._names[handle] = inner
        return handle

    def _close(self, handle: int) -> None:
        self._names.pop(handle, None)
        self._real["close"](handle)

    def _write(self, handle: int, data: Any) -> int:
        if (inner := self._names.get(handle)) is not None:
            self._hear(("write", inner, bytes(data), os.lseek(handle, 0, os.SEEK_CUR)))
        return int(self._real["write"](handle, data))

    def _pwrite(self, handle: int, data: Any, offset: int) -> int:
        if (inner := self._names.get(handle)) is not None:
            self._hear(("write", inner, bytes(data), offset))
        return int(self._real["pwrite"](handle, data, offset))

    def _fsync(self, handle: int) -> None:
        if (inner := self._names.get(handle)) is not None:
            self._hear(("sync", inner))
        self._real["fsync"](handle)

    def _ftruncate(self, handle: int, size: int) -> None:
        if (inner := self._names.get(handle)) is not None:
            self._hear(("truncate", inner, size))
        self._real["ftruncate"](handle, size)

    def _fchmod(self, handle: int, mode: int) -> None:
        if (inner := self._names.get(handle)) is not None:
            self._hear(("mode", inner, mode))
        self._real["fchmod"](handle, mode)

    def _chmod(self, path: Any, mode: int, **rest: Any) -> None:
        if (inner := self._inner(path)) is not None:
            self._hear(("mode", inner, mode))
        self._real["chmod"](path, mode, **rest)

    def _rename(self, source: Any, target: Any, **rest: Any) -> None:
        old, new = self._inner(source), self._inner(target)
        if old is not None and new is not None:
            self._hear(("rename", old, new))
        self._real["replace"](source, target, **rest)

    _replace = _rename

    def _link(self, source: Any, target: Any, **rest: Any) -> None:
        old, new = self._inner(source), self._inner(target)
        if old is not None and new is not None:
            self._hear(("link", old, new))
        self._real["link"](source, target, **rest)

    def _symlink(self, target: Any, path: Any, *args: Any, **rest: Any) -> None:
        if (inner := self._inner(path)) is not None:
            self._hear(("symlink", inner, os.fspath(target)))
        self._real["symlink"](target, path, *args, **rest)

    def _by_path(self, name: str) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **rest: Any) -> Any:
            if (inner := self._inner(path)) is not None:
                gone = name in ("unlink", "remove", "rmdir")
                if gone == os.path.lexists(path):
                    self._hear(("gone" if gone else name, inner))
            return self._real[name](path, *args, **rest)

        return call


@dataclass(eq=False)
class Node:
    """A file, link or folder. `synced`: what is left of it for certain."""

    kind: str
    data: bytes = b""
    synced: bytes = b""
    mode: int = 0o644
    entries: dict[str, Node] = field(default_factory=dict)
    lasting: dict[str, Node] = field(default_factory=dict)
    # Names that changed since they were synced: name, what it leads to, and the change without which this one is not.
    pending: list[tuple[str, Node | None, Any]] = field(default_factory=list)


class Disk:
    """What there is, and what would be left."""

    def __init__(self, root: Path) -> None:
        """As a folder is now, all of it synced."""
        self._top = _load(root)

    def take(self, change: Change) -> None:
        """A change is made."""
        kind, path, *rest = change
        folder, name = self._parent(path) if path else (self._top, "")
        match kind:
            case "create":
                self._name(folder, name, Node("file"))
            case "mkdir":
                self._name(folder, name, Node("folder"))
            case "symlink":
                self._name(folder, name, Node("link", data=rest[0].encode(), synced=rest[0].encode()))
            case "link":
                to, new = self._parent(rest[0])
                self._name(to, new, folder.entries[name])
            case "gone":
                self._name(folder, name, None)
            case "rename":
                moved = folder.entries[name]
                to, new = self._parent(rest[0])
                needed = self._name(to, new, moved)
                self._name(folder, name, None, needed)
            case "sync":
                node = self._at(path)
                if node.kind == "folder":
                    node.lasting, node.pending = dict(node.entries), []
                node.synced = node.data
            case "write":
                node, (data, offset) = self._at(path), rest
                node.data = node.data[:offset].ljust(offset, b"\0") + data + node.data[offset + len(data) :]
            case "truncate":
                node = self._at(path)
                node.data = node.data[: rest[0]].ljust(rest[0], b"\0")
            case "mode":
                self._at(path).mode = rest[0]
            case "outside":
                node = self._at(path)
                node.data = node.synced = rest[0]
            case _:
                raise ValueError(f"no change: {kind}")

    def _name(self, folder: Node, name: str, node: Node | None, needs: Any = None) -> Any:
        if node is None:
            folder.entries.pop(name, None)
        else:
            folder.entries[name] = node
        change = (name, node, needs)
        folder.pending.append(change)
        return change

    def _at(self, path: str) -> Node:
        node = self._top
        for part in path.split("/") if path else []:
            node = node.entries[part]
        return node

    def _parent(self, path: str) -> tuple[Node, str]:
        above, _, name = path.rpartition("/")
        return self._at(above), name

    def tree(self) -> dict[str, bytes | str]:
        """All that is there, synced or not."""
        return dict(_walk(self._top, "", lambda node: node.entries, lambda node: node.data))

    def left(self, way: str, dice: random.Random, into: Path) -> None:
        """Write what a loss of power may leave into an empty folder. `way`: one of WAYS."""
        kept = set(self._kept(way, dice))
        contents = _contents(way, dice)

        def entries(node: Node) -> dict[str, Node]:
            found = dict(node.lasting)
            for change in node.pending:
                name, to, needs = change
                if id(change) not in kept or (
                    needs is not None and id(needs) not in kept and not _lasts(needs, self._top)
                ):
                    continue
                if to is None:
                    found.pop(name, None)
                else:
                    found[name] = to
            return found

        _store(self._top, into, entries, contents)

    def _kept(self, way: str, dice: random.Random) -> Iterator[int]:
        for node in _folders(self._top, set()):
            count = len(node.pending)
            cut = {"synced": 0, "contents": 0, "some": dice.randint(0, count)}.get(way, count)
            for change in node.pending[:cut]:
                yield id(change)


def _lasts(change: Any, top: Node) -> bool:
    """A change that is not pending any more was synced."""
    return not any(change is one for node in _folders(top, set()) for one in node.pending)


def _contents(way: str, dice: random.Random) -> Callable[[Node], bytes]:
    def contents(node: Node) -> bytes:
        if node.data == node.synced:
            return node.data
        match way:
            case "all" | "contents":
                return node.data
            case "synced" | "names":
                return node.synced
            case "torn":
                return node.data[: len(node.data) // 2]
        size = dice.randint(0, len(node.data))
        return node.data[:size].ljust(len(node.data), b"\0") if dice.random() < 0.5 else node.data[:size]

    return contents


def _folders(node: Node, seen: set[int]) -> Iterator[Node]:
    if node.kind != "folder" or id(node) in seen:
        return
    seen.add(id(node))
    yield node
    others = [one for _, one, _ in node.pending if one is not None]
    for one in (*node.entries.values(), *node.lasting.values(), *others):
        yield from _folders(one, seen)


def _walk(
    node: Node, path: str, entries: Callable[[Node], dict[str, Node]], contents: Callable[[Node], bytes]
) -> Iterator[tuple[str, bytes | str]]:
    if node.kind != "folder":
        yield path, contents(node) if node.kind == "file" else node.data.decode()
        return
    yield path + "/", b""
    for name, one in entries(node).items():
        yield from _walk(one, f"{path}/{name}", entries, contents)


def _store(
    node: Node, into: Path, entries: Callable[[Node], dict[str, Node]], contents: Callable[[Node], bytes]
) -> None:
    for name, one in entries(node).items():
        path = into / name
        if one.kind == "folder":
            path.mkdir()
            _store(one, path, entries, contents)
        elif one.kind == "link":
            path.symlink_to(one.data.decode())
        else:
            path.write_bytes(contents(one))
            path.chmod(one.mode)


def _load(path: Path) -> Node:
    if path.is_symlink():
        target = str(path.readlink()).encode()
        return Node("link", data=target, synced=target)
    if path.is_file():
        data = path.read_bytes()
        return Node("file", data=data, synced=data, mode=path.stat().st_mode & 0o777)
    entries = {one.name: _load(one) for one in path.iterdir()}
    return Node("folder", entries=entries, lasting=dict(entries))


def tree_of(root: Path) -> dict[str, bytes | str]:
    """As `Disk.tree`, of a real folder."""
    top = _load(root)
    return dict(_walk(top, "", lambda node: node.entries, lambda node: node.data))
