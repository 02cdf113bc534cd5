"""How often the screen is drawn: a press at once, what only moves not too often."""

from __future__ import annotations

from PIL.Image import Image

from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.state import Phase, State, Turn
from device.window import Window


class CountingScreen(PngScreen):
    """Counts pictures, also those that differ only by what moves."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = 0

    def show(self, image: Image, key: str) -> None:
        self.pictures += 1
        super().show(image, key)


def test_a_level_that_changes_with_every_piece_of_sound_is_drawn_ten_times_a_second_and_a_word_at_once() -> None:
    screen, now_ms = CountingScreen(), [1_000]
    parts = Parts(SimulatedButton(), WavMicrophone(), WavSpeaker(), screen)
    window = Window(parts, clock_ms=lambda: now_ms[0], on_failed=lambda sentence: None)
    window.update(State())
    assert screen.pictures == 1

    def listening(level: int, words: str) -> State:
        turn = Turn(1, Phase.RECORDING, began_ms=900, until_ms=60_000, transcript=words)
        return State(microphone=True, level=level, turn=turn)

    window.update(listening(0, ""))
    assert screen.pictures == 2, "a press is drawn at once"
    for piece in range(1, 51):
        now_ms[0] += 20
        window.update(listening(piece % 6, ""))
    assert 9 <= screen.pictures - 2 <= 10
    drawn = screen.pictures
    window.update(listening(3, "order"))
    assert screen.pictures == drawn + 1, "a word is drawn at once"
