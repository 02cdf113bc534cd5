"""A simulated person: does the steps of a scenario on simulated parts, and answers what the device asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

from device.gestures import HOLD_MS
from device.handheld import Handheld
from device.inputs import Typed
from device.journal import Entry
from device.parts.bad_network import BadNetwork
from device.parts.simulated import FileCamera, SimulatedButton, SimulatedWheel, WavMicrophone
from device.scenario import Network, Scenario, Step
from wire.parts import AskChoice

# After the last word people let go; and nothing counts as over before it was quiet for so long.
_LET_GO_S: Final = 0.02
_QUIET_S: Final = 0.3
_ANSWERS_REPEATED: Final = 4


class Hands(Struct):
    """What the person holds in their hands."""

    button: SimulatedButton
    microphone: WavMicrophone
    camera: FileCamera
    wheel: SimulatedWheel
    network: BadNetwork | None = None


def names_of(entry: Entry) -> set[str]:
    """By what a scenario may call this entry."""
    names = {entry.event}
    for key in ("mode", "type"):
        value = entry.data.get(key)
        if isinstance(value, str) and entry.event in ("mode", "cloud"):
            names.add(value)
    return names


class Person:
    """Acts on one device."""

    def __init__(self, scenario: Scenario, hands: Hands, handheld: Handheld) -> None:
        self._scenario = scenario
        self._hands = hands
        self._handheld = handheld
        self._answers = list(scenario.answers)
        self._repeats = 0
        self._busy = asyncio.Lock()

    async def live(self) -> None:
        """Do everything, then wait until the device has nothing left to do."""
        journal = self._handheld.journal
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(self._beside(step)) for step in self._scenario.steps if step.network]
            reacting = group.create_task(self._react())
            for step in self._scenario.steps:
                if step.network is None:
                    await self._await(step, journal.position)
                    async with self._busy:
                        await self._do(step)
            await asyncio.gather(*beside)
            await self._quiet()
            reacting.cancel()

    async def _quiet(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_QUIET_S):
                    await self._handheld.journal.changed()
            except TimeoutError:
                if self._handheld.settled:
                    return

    async def _await(self, step: Step, position: int) -> None:
        if step.after is None:
            return
        journal = self._handheld.journal
        if step.after.event != "joined" or not self._handheld.link.joined:
            while not _seen(journal.since(position), step.after.event):
                await journal.changed()
        await asyncio.sleep(step.after.delay_ms / 1000)

    async def _beside(self, step: Step) -> None:
        await self._await(step, 0)
        if step.network is not None:
            await self._disturb(step.network)

    async def _disturb(self, network: Network) -> None:
        bad = self._hands.network
        if bad is None:
            await self._handheld.uplink.drop()
            return
        bad.delay_ms = network.delay_ms
        if network.refuse_ms:
            bad.refuse(network.refuse_ms)
        elif network.drop:
            bad.drop()

    async def _do(self, step: Step) -> None:
        if step.see is not None:
            self._hands.camera.path = step.see
        if step.say is not None or step.hold_ms:
            await self._hold(step)
        elif step.press:
            await self._hands.button.click(step.press)
        elif step.wheel:
            self._hands.wheel.turn(step.wheel)
        if step.text:
            self._handheld.feed(Typed(step.text))

    async def _hold(self, step: Step) -> None:
        microphone, button = self._hands.microphone, self._hands.button
        position = self._handheld.journal.position
        microphone.speak(step.say)
        button.down()
        await asyncio.sleep(max(HOLD_MS + 50, step.hold_ms) / 1000)
        if step.say is not None:
            await self._said(position)
            await asyncio.sleep(_LET_GO_S)
        button.up()

    async def _said(self, position: int) -> None:
        """Until all is said, or the device has stopped listening before."""
        ends = (self._hands.microphone.said.wait(), self._handheld.journal.wait("released", position))
        waiting = {asyncio.ensure_future(end) for end in ends}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def _react(self) -> None:
        journal = self._handheld.journal
        position = 0
        while True:
            entries = journal.since(position)
            position = journal.position
            for entry in entries:
                if entry.event == "answerable":
                    await self._answer(str(entry.data["kind"]))
            if journal.position == position:
                await journal.changed()

    async def _answer(self, kind: str) -> None:
        on_ask = self._scenario.on_ask
        await asyncio.sleep(on_ask.delay_ms / 1000)
        if kind == "confirm":
            if on_ask.press:
                async with self._busy:
                    await self._hands.button.click(on_ask.press)
            return
        answer = self._next_answer()
        if not answer:
            return
        async with self._busy:
            if answer.endswith(".wav"):
                await self._hold(Step(say=Path(answer)))
            elif kind == "choice":
                await self._choose(answer)
            else:
                self._handheld.feed(Typed(answer))

    def _next_answer(self) -> str:
        """The answers in order; the last one again, a few times, as people repeat themselves."""
        if len(self._answers) > 1:
            return self._answers.pop(0)
        self._repeats += 1
        return self._answers[0] if self._answers and self._repeats <= _ANSWERS_REPEATED else ""

    async def _choose(self, answer: str) -> None:
        asks = self._handheld.state.asks
        if not asks:
            return
        wanted = choice_in(answer, asks[0].ask.choices)
        if wanted < 0:
            self._handheld.journal.note("no_such_choice", answer=answer)
            return
        for _ in range((wanted - asks[0].chosen) % len(asks[0].ask.choices)):
            await self._hands.button.click(1)
        await self._hands.button.click(2)


def choice_in(answer: str, choices: Iterable[AskChoice]) -> int:
    """Which choice an answer names, alone or in a sentence: the longest that stands in it; -1 for none."""
    words = f" {_plain(answer)} "
    found = [
        (len(name), index)
        for index, choice in enumerate(choices)
        for name in (_plain(choice.label), _plain(choice.value))
        if name and f" {name} " in words
    ]
    return max(found, key=lambda one: (one[0], -one[1]))[1] if found else -1


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _seen(entries: Iterable[Entry], event: str) -> bool:
    return any(event in names_of(entry) for entry in entries)
