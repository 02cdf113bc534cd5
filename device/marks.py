"""What of the state stands in the journal: each change of what is seen, and that a question can be answered."""

from __future__ import annotations

from device.answering import whole_ms
from device.journal import Journal
from device.modes import mode_of
from device.state import Mode, State


class Marks:
    """`note` is called after every step, and when `due_ms` says so."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._mode = Mode.IDLE
        self._answerable = ""

    def note(self, state: State, now_ms: int) -> None:
        """Write down what is new."""
        mode = mode_of(state)
        if mode is not self._mode:
            self._mode = mode
            notice = state.notice.sentence if state.notice and mode is Mode.ERROR else ""
            self._journal.note("mode", mode=mode.value, **({"sentence": notice} if notice else {}))
        due = self.due_ms(state)
        if due is not None and now_ms >= due:
            asked = state.asks[0].ask
            self._answerable = asked.ask
            self._journal.note("answerable", ask=asked.ask, kind=asked.kind)

    def due_ms(self, state: State) -> int | None:
        """When a press can answer the question on the screen, if that was not noted yet."""
        if mode_of(state) is not Mode.ASKING or not state.asks or state.say is not None:
            return None
        shown = state.asks[0]
        if shown.drawn_ms < 0 or shown.ask.ask == self._answerable:
            return None
        return shown.drawn_ms + whole_ms(shown, state.settings)
