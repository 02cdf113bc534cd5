"""One tab's dialogs, each answered as it opens."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator

from playwright.async_api import Dialog
from playwright.async_api import Error as PlaywrightError

from browser.dialogs import DialogPolicy, DialogSeen

DIALOGS_KEPT = 50
Watcher = Callable[[DialogSeen, str | None], None]


class Answers:
    """Answers by `policy`; `seen` are the latest dialogs, the oldest first."""

    def __init__(self, policy: DialogPolicy) -> None:
        self.seen: deque[DialogSeen] = deque(maxlen=DIALOGS_KEPT)
        self._usual = self._policy = policy
        self._watchers: list[Watcher] = []

    async def answer(self, dialog: Dialog, url: str) -> None:
        """Answers a dialog of the page at `url`."""
        seen = DialogSeen(dialog.type, dialog.message, dialog.default_value, url)
        self.seen.append(seen)
        given = self._policy(seen)
        answer = given if given is None or isinstance(given, str) else await given
        try:
            await (dialog.dismiss() if answer is None else dialog.accept(answer))
        except PlaywrightError:
            return  # The page closed, and its dialog with it.
        for watcher in self._watchers:
            watcher(seen, answer)

    def watch(self, watcher: Watcher) -> None:
        """From now on `watcher` is told each dialog and its answer (None: dismissed)."""
        self._watchers.append(watcher)

    @contextlib.contextmanager
    def by(self, policy: DialogPolicy) -> Iterator[None]:
        """Inside, dialogs are answered by this policy."""
        self._policy = policy
        try:
            yield
        finally:
            self._policy = self._usual
