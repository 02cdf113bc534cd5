"""The façade: one tab of a task's browser, seen and acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from browser.locators import Locator


class Page:
    """One tab."""

    @property
    def url(self) -> str:
        """The address shown."""
        raise NotImplementedError

    async def goto(self, url: str, *, deadline: Deadline) -> None:
        """Go to `url`; returns when its DOM is loaded. Raises NavigationRefused, NavigationFailed, PageGone."""
        raise NotImplementedError

    async def find(
        self,
        locators: Sequence[Locator],
        fingerprint: Fingerprint | None = None,
        *,
        read: Sequence[ReadBack] = (),
        deadline: Deadline,
    ) -> Sighting:
        """The first locator's visible match, waited for until the deadline. Raises ElementMissing."""
        raise NotImplementedError

    async def verify(
        self,
        sighting: Sighting,
        fingerprint: Fingerprint,
        *,
        read: Sequence[ReadBack] = (),
        at_least: float,
        deadline: Deadline,
    ) -> Sighting:
        """The same element looked at again, in one evaluate with the read-backs, without waiting.

        Raises ElementMissing (it left the page), ElementChanged (less alike than `at_least`).
        """
        raise NotImplementedError

    async def click(self, at: Sighting, *, count: int = 1, deadline: Deadline) -> None:
        """Click; waits until the element can take it. All acts raise ActionTimeout, ActionRefused, PageGone."""
        raise NotImplementedError

    async def fill(self, at: Sighting, value: str, *, deadline: Deadline) -> None:
        """Replace a field's value."""
        raise NotImplementedError

    async def select(self, at: Sighting, value: str, *, deadline: Deadline) -> None:
        """Choose an option by its label, else by its value."""
        raise NotImplementedError

    async def check(self, at: Sighting, on: bool = True, *, deadline: Deadline) -> None:
        """Set a checkbox, switch or radio button."""
        raise NotImplementedError

    async def press(self, key: str, at: Sighting | None = None, *, deadline: Deadline) -> None:
        """Press a key or chord ("Control+A") on the element, else on what has the focus."""
        raise NotImplementedError

    async def upload(self, at: Sighting, files: Sequence[Path], *, deadline: Deadline) -> None:
        """Give files to a file field."""
        raise NotImplementedError

    async def hover(self, at: Sighting, *, deadline: Deadline) -> None:
        """Put the pointer over the element."""
        raise NotImplementedError

    async def drag(self, at: Sighting, to: Sighting, *, deadline: Deadline) -> None:
        """Drag one element onto another."""
        raise NotImplementedError

    async def read(self, locators: Sequence[Locator], *, frame: tuple[str, ...] = (), deadline: Deadline) -> str:
        """The visible text of the first locator's match, waited for. Raises ElementMissing."""
        raise NotImplementedError

    async def read_value(self, locators: Sequence[Locator], *, frame: tuple[str, ...] = (), deadline: Deadline) -> str:
        """A field's value (never a password's: ""). Raises ElementMissing."""
        raise NotImplementedError

    async def wait_for(self, condition: Condition, *, deadline: Deadline) -> None:
        """Return as soon as all of the condition holds. Raises ConditionTimeout."""
        raise NotImplementedError

    async def screenshot(self, *, deadline: Deadline) -> bytes:
        """The viewport as JPEG."""
        raise NotImplementedError

    async def start_screencast(self, on_frame: Callable[[bytes], None], *, frames_per_s: float = 5) -> None:
        """JPEG frames as the page changes, until `stop_screencast` or `close`."""
        raise NotImplementedError

    async def stop_screencast(self) -> None:
        """No more frames."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the tab; again is harmless."""
        raise NotImplementedError
