"""`python3 -I boot PROGRAM …`: carries out what `release/boot/deciding.py` decides, as the parent of the program.

The program reports by lines of JSON on the file descriptor LEVERET_REPORT_FD, from its event loop, every few seconds:
`{"started": true, "link": true, "missing": []}`. It ends with 76 when it agrees to be replaced by what is ready.
SIGTERM and SIGINT end it, SIGHUP asks it to make room for what is ready.
"""

from __future__ import annotations

import argparse
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from release.boot import acts
from release.boot.databases import Databases
from release.boot.deciding import Machine, Phase, next_ms, step
from release.boot.health import LINE_BYTES, PACE, Pace, report_of
from release.boot.names import PUT_OFF, RELEASE, REPORT_FD, ROOT
from release.boot.notices import Notices
from release.boot.place import Place

_GRACE_MS: Final = 20_000
_HURRY_MS: Final = 5_000
_FEED_MS: Final = 3_000
_FAILURES: Final = (acts.CannotKeep, acts.CannotRestore, acts.CannotSave, acts.CannotRun, acts.Damaged)


def steady_ms() -> int:
    """Milliseconds that only go forward."""
    return time.monotonic_ns() // 1_000_000


def said(sentence: str) -> None:
    """For the journal."""
    sys.stderr.write(f"leveret-boot: {sentence}\n")
    sys.stderr.flush()


class Child:
    """The running program, and what it reports."""

    def __init__(self, line: Sequence[str], environ: dict[str, str], selector: selectors.BaseSelector) -> None:
        """Raises OSError."""
        self._selector = selector
        self.reports, writing = os.pipe()
        os.set_blocking(self.reports, False)
        try:
            # A watchdog that was meant for this process is fed by the program.
            told = {name: value for name, value in environ.items() if name != "WATCHDOG_PID"}
            told[REPORT_FD] = str(writing)
            self.process = subprocess.Popen(line, env=told, pass_fds=(writing,), process_group=0)
        except OSError:
            os.close(self.reports)
            raise
        finally:
            os.close(writing)
        self._rest = b""
        self.end_ms = -1
        self.reported = False
        selector.register(self.reports, selectors.EVENT_READ, "reports")

    def read(self) -> list[bytes]:
        """The lines that came; one without an end is dropped when it is too long."""
        try:
            piece = os.read(self.reports, 1 << 16)
        except BlockingIOError:
            return []
        if not piece:
            self._selector.unregister(self.reports)
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LINE_BYTES:
            self._rest = b""
        return [line for line in lines if len(line) <= LINE_BYTES]

    def signal(self, number: int) -> None:
        """Also to what it began, when it is killed."""
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except ProcessLookupError:
            return

    def close(self) -> None:
        """What it began goes with it."""
        self.signal(signal.SIGKILL)
        if self.reports in self._selector.get_map():
            self._selector.unregister(self.reports)
        os.close(self.reports)


class Supervisor:
    """Runs until the machine leaves."""

    def __init__(
        self,
        place: Place,
        command: Sequence[str],
        *,
        databases: Databases,
        pace: Pace = PACE,
        now_ms: Callable[[], int] = steady_ms,
        environ: dict[str, str] | None = None,
    ) -> None:
        """`command`: a program in `bin/` of the release, and its arguments."""
        self._place = place
        self._command = command
        self._databases = databases
        self._pace = pace
        self._now_ms = now_ms
        self._environ = {**(os.environ if environ is None else environ), ROOT: str(place.root)}
        self._selector = selectors.DefaultSelector()
        self._child: Child | None = None
        self._notices: Notices | None = None
        self._begun_ms = 0
        self._code: int | None = None
        self.machine: Machine | None = None
        self.phases: list[Phase] = []

    def run(self) -> int:
        """The exit code."""
        kept = self._place.read()
        if kept is None:
            said(f"There is no release in {self._place.releases}: install it anew.")
            return 1
        self.machine = Machine(kept, pace=self._pace)
        waking, woken = os.pipe()
        for end in (waking, woken):
            os.set_blocking(end, False)
        before = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        handlers = {one: signal.signal(one, _noted) for one in _SIGNALS}
        self._selector.register(waking, selectors.EVENT_READ, "signals")
        try:
            self._listen()
            self._tell(acts.Started())
            while self._code is None:
                self._wait(waking)
            return self._code
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before)
            if self._child is not None:
                self._child.close()
            if self._notices is not None:
                self._notices.close()
            self._selector.close()
            os.close(waking)
            os.close(woken)

    def _listen(self) -> None:
        """Between the program and systemd, where that has started us."""
        address = self._environ.get("NOTIFY_SOCKET", "")
        if not address:
            return
        try:
            self._notices = Notices(address)
        except OSError as error:
            said(f"systemd does not listen at {address}: {error.strerror}. The program speaks with it by itself.")
            return
        self._environ["NOTIFY_SOCKET"] = self._notices.address
        self._selector.register(self._notices, selectors.EVENT_READ, "notices")

    # What happens -----------------------------------------------------------------------------------------------------

    def _wait(self, waking: int) -> None:
        for key, _ in self._selector.select(self._patience_s()):
            if key.data == "signals":
                for number in os.read(waking, 1 << 10):
                    self._signalled(number)
            elif key.data == "notices" and self._notices is not None:
                self._notices.hand_on(self._child.process.pid if self._child is not None else -1)
            elif self._child is not None and self._child.reports == key.fd:
                self._reported(self._child)
        self._look_at_child()
        if self._begins():
            self._feed()
        if self.machine is not None and self.machine.phase is Phase.TRYING:
            self._tell(acts.Tick())

    def _patience_s(self) -> float | None:
        due = next_ms(self.machine) if self.machine is not None else None
        ends = [] if self._child is None or self._child.end_ms < 0 else [self._child.end_ms]
        times = [*ends, *([] if due is None else [due]), *([self._now_ms() + _FEED_MS] if self._begins() else [])]
        return max(0.0, (min(times) - self._now_ms()) / 1000) if times else None

    def _begins(self) -> bool:
        """The program has only just begun, and says nothing to systemd yet: it has as long as in a trial."""
        young = self._now_ms() - self._begun_ms < self._pace.start_ms
        return self._notices is not None and self._child is not None and not self._child.reported and young

    def _feed(self) -> None:
        if self._notices is not None:
            self._notices.feed()

    def _signalled(self, number: int) -> None:
        if number == signal.SIGHUP:
            self._tell(acts.Switch(self._place.offer()))
        elif number in (signal.SIGTERM, signal.SIGINT):
            self._tell(acts.Stop())

    def _reported(self, child: Child) -> None:
        for line in child.read():
            if (report := report_of(line)) is not None:
                child.reported = True
                self._tell(acts.Reported(report))

    def _look_at_child(self) -> None:
        child = self._child
        if child is None:
            return
        code = child.process.poll()
        if code is None:
            if 0 <= child.end_ms <= self._now_ms():
                child.end_ms = -1
                child.signal(signal.SIGKILL)
            return
        child.close()
        self._child = None
        self._tell(acts.Ended(code if code >= 0 else 128 - code, self._place.offer()))

    # What is done -----------------------------------------------------------------------------------------------------

    def _tell(self, told: acts.Input) -> None:
        """Take an input, and all that follows from it at once."""
        waiting: deque[acts.Input] = deque([told])
        while waiting and self.machine is not None and self._code is None:
            self.machine, effects = step(self.machine, waiting.popleft(), self._now_ms())
            if not self.phases or self.phases[-1] is not self.machine.phase:
                self.phases.append(self.machine.phase)
            for effect in effects:
                answer = self._carry_out(effect)
                if answer is not None:
                    waiting.append(answer)
                if isinstance(answer, _FAILURES):
                    break

    def _carry_out(self, effect: acts.Effect) -> acts.Input | None:
        match effect:
            case acts.Keep():
                return self._keep(effect)
            case acts.Inspect(name):
                self._feed()
                flaw = self._place.flaw(name)
                return acts.Damaged(flaw) if flaw else acts.Whole()
            case acts.Save() | acts.Restore() | acts.Forget():
                return self._data(effect)
            case acts.Point(name):
                try:
                    self._place.point(name)
                except OSError as error:
                    said(f"{self._place.chosen}/current cannot be changed: {error.strerror}. {name} runs all the same.")
            case acts.Run(name):
                return self._run(name)
            case acts.End(kill):
                if self._child is not None:
                    self._child.signal(signal.SIGTERM)
                    self._child.end_ms = self._now_ms() + (_HURRY_MS if kill else _GRACE_MS)
            case acts.Say(sentence):
                said(sentence)
            case acts.Leave(code):
                self._code = code
        return None

    def _keep(self, effect: acts.Keep) -> acts.Input | None:
        try:
            self._place.keep(effect.kept)
        except OSError as error:
            said(f"What was decided cannot be written to {self._place.chosen}: {error.strerror}.")
            return acts.CannotKeep(str(error.strerror)) if effect.must else None
        return None

    def _data(self, effect: acts.Save | acts.Restore | acts.Forget) -> acts.Input | None:
        try:
            match effect:
                case acts.Save(name):
                    self._databases.save(name)
                    return acts.Saved()
                case acts.Restore(name):
                    if self._databases.restore(name):
                        said(f"The databases are as they were before {name}.")
                    return acts.Restored()
                case acts.Forget(name):
                    self._databases.forget(name)
        except OSError as error:
            why = error.strerror or str(error)
            match effect:
                case acts.Save():
                    return acts.CannotSave(why)
                case acts.Restore():
                    return acts.CannotRestore(why)
            said(f"Older copies of the databases cannot be dropped: {why}.")
        return None

    def _run(self, name: str) -> acts.Input | None:
        program, *arguments = self._command
        try:
            line = [str(self._place.program(name, program)), *arguments]
            put_off = self.machine.put_off if self.machine is not None else ""
            environ = {**self._environ, RELEASE: name, PUT_OFF: put_off}
            self._child = Child(line, environ, self._selector)
            self._begun_ms = self._now_ms()
            self._feed()
        except OSError as error:
            return acts.CannotRun(f"{program} cannot be begun: {error.strerror}")
        return None


_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def _noted(number: int, frame: object) -> None:
    """The wakeup descriptor tells which signal came."""


def main(argv: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """The exit code of the program; 1 when there is none to run."""
    made = argparse.ArgumentParser(prog="boot", description="Runs the release of Leveret that is good, or is tried.")
    made.add_argument("--root", type=Path, default=root, help="where releases/ and chosen/ are (default: beside boot/)")
    made.add_argument("--data", type=Path, help="folder of the SQLite files that are saved before an update")
    made.add_argument("command", nargs=argparse.REMAINDER, help="a program in bin/ of the release, and its arguments")
    flags = made.parse_args(argv)
    if flags.root is None or not flags.command or "/" in flags.command[0]:
        made.error("name a program in bin/ of the release, for instance leveret-device")
    return Supervisor(Place(flags.root), flags.command, databases=Databases(flags.data)).run()
