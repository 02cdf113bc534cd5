"""The card's own volume, by the real amixer over the sound server's control."""

from __future__ import annotations

import re
import threading

import pytest

from device.errors import SpeakerError
from device.parts.mixer import CardSpeaker, Mixer
from device.parts.simulated import WavSpeaker
from tests.device.sound_stage import Stage


class NotedSpeaker(WavSpeaker):
    """Notes what it was told."""

    def __init__(self) -> None:
        super().__init__(fast=True)
        self.volumes: list[int] = []

    def set_volume(self, percent: int) -> None:
        self.volumes.append(percent)


class SlowMixer(Mixer):
    """A card that answers when it is let to, and then perhaps not at all."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[int] = []
        self.gone = False

    def set(self, percent: int) -> None:
        self.asked.append(percent)
        assert self.go.wait(30)
        if self.gone:
            raise SpeakerError("The card's volume cannot be set: it is gone.")


def loudness(stage: Stage) -> int:
    found = re.search(r"(\d+)%", stage.pactl("get-sink-volume", "ear"))
    assert found is not None
    return int(found[1])


def test_the_card_itself_is_turned_up_and_down(sound: Stage) -> None:
    mixer = Mixer("default/Master")
    try:
        mixer.set(30)
        assert loudness(sound) < 40
        mixer.set(100)
        assert loudness(sound) == 100
        mixer.set(0)
        assert "yes" in sound.pactl("get-sink-mute", "ear")
    finally:
        mixer.set(100)


@pytest.mark.parametrize("name", ["default/Nothing", "hw:nowhere/Speaker", "Speaker", "default/"])
def test_a_control_that_is_not_there_is_told_with_the_next_step(sound: Stage, name: str) -> None:
    with pytest.raises(SpeakerError, match=r"amixer -D|card/control"):
        Mixer(name)


def test_of_many_volumes_in_a_row_the_card_is_set_to_the_last() -> None:
    mixer, speaker = SlowMixer(), NotedSpeaker()
    card = CardSpeaker(speaker, mixer)
    for percent in (10, 20, 30, 40, 50):
        card.set_volume(percent)
    mixer.go.set()
    card.close()
    assert mixer.asked[-1] == 50 and len(mixer.asked) <= 2
    assert set(speaker.volumes) == {100}, "nothing is turned down twice"


def test_a_card_that_went_away_leaves_the_volume_to_the_device() -> None:
    mixer, speaker = SlowMixer(), NotedSpeaker()
    mixer.gone = True
    mixer.go.set()
    card = CardSpeaker(speaker, mixer)
    card.set_volume(40)
    card.close()
    assert speaker.volumes == [40]
