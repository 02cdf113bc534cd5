from __future__ import annotations

from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from device.assistant import step
from device.effects import Effect, ForgetAll, ForgetNetwork, JoinNetwork, KeepSettings, SetUp, SetVolume
from device.faces import draw
from device.inputs import Button, Tick, Wheel
from device.menu import card, lines
from device.modes import mode_of
from device.settings import Settings
from device.state import Mode, Network, Shelf, State
from device.view import MenuFace, Page, face_of
from device.words import languages, words_of
from wire.messages import Card


class Hand:
    """One finger on the button, and a clock."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.now_ms = 0
        self.effects: list[Effect] = []

    def _feed(self, told: Button | Wheel | Tick, after_ms: int) -> None:
        self.now_ms += after_ms
        self.state, effects = step(self.state, told, self.now_ms)
        self.effects += effects

    def click(self, times: int = 1) -> None:
        for _ in range(times):
            self._feed(Button(True), 100)
            self._feed(Button(False), 60)
        self._feed(Tick(), 310)

    def hold(self) -> None:
        self._feed(Button(True), 100)
        self._feed(Tick(), 260)
        self._feed(Button(False), 60)

    def turn(self, steps: int) -> None:
        self._feed(Wheel(steps=steps), 50)

    def push(self) -> None:
        self._feed(Wheel(push=True), 50)

    def wait(self, after_ms: int) -> None:
        self._feed(Tick(), after_ms)

    def go_to(self, label: str) -> None:
        """Click until the line with this label is the chosen one."""
        for _ in range(20):
            menu = self.state.menu
            assert menu is not None
            if lines(self.state)[menu.at].label == label:
                return
            self.click()
        raise AssertionError(f"no line {label!r} in {[line.label for line in lines(self.state)]}")


def opened(state: State | None = None) -> Hand:
    hand = Hand(state or State(has_camera=True, settings=Settings()))
    hand.click(3)
    assert mode_of(hand.state) is Mode.MENU
    return hand


def test_everything_can_be_set_with_one_button() -> None:
    hand = opened()
    for label, changed in (
        ("Volume", {"volume": 100}),
        ("Brightness", {"brightness": 100}),
        ("Sleep", {"sleep_s": 300}),
        ("Text", {"text": "large"}),
    ):
        hand.go_to(label)
        hand.hold()
        (name, value), *_ = changed.items()
        assert getattr(hand.state.settings, name) == value
    assert SetVolume(100) in hand.effects
    kept = [one.settings for one in hand.effects if isinstance(one, KeepSettings)]
    assert kept[-1] == hand.state.settings and len(kept) == 4


def test_a_language_is_shown_by_its_own_name_and_all_of_the_menu_is_in_it_at_once() -> None:
    hand = opened()
    hand.go_to("Language")
    for language in (*languages()[1:], "en"):
        hand.hold()
        assert hand.state.settings.language == language
        line = lines(hand.state)[hand.state.menu.at if hand.state.menu else 0]
        assert (line.label, line.value) == (words_of(language)("menu.language"), words_of(language).name)


def test_every_page_can_be_opened_and_left_with_one_button() -> None:
    hand = opened()
    for label in ("Wi-Fi", "Pairing", "Privacy", "About"):
        hand.go_to(label)
        hand.hold()
        page = hand.state.menu.page if hand.state.menu else ""
        assert page == {"Wi-Fi": "wifi"}.get(label, label.lower())
        if label in ("Wi-Fi", "Pairing"):
            hand.hold()
            assert card(hand.state) is not None
            hand.hold()
            assert hand.state.menu is not None and hand.state.menu.page == page
        if card(hand.state) is None:
            hand.go_to("Back")
        hand.hold()
        assert hand.state.menu is not None and hand.state.menu.page == ""
        assert lines(hand.state)[hand.state.menu.at].label == label, "one is back where one came from"


def settable() -> Hand:
    network = Network("Vogelweide", 71, "192.168.178.20", ("Café", "Vogelweide"))
    return opened(State(settings=Settings(), settable=True, network=network))


def test_another_network_is_joined_forgotten_or_set_up_with_one_button() -> None:
    for label, effect in (("Café", JoinNetwork("Café")), ("Set up", SetUp("wifi"))):
        hand = settable()
        hand.go_to("Wi-Fi")
        hand.hold()
        hand.go_to(label)
        hand.hold()
        assert effect in hand.effects and hand.state.menu is None
    hand = settable()
    hand.go_to("Wi-Fi")
    hand.hold()
    hand.go_to("Forget")
    hand.hold()
    hand.go_to("Vogelweide")
    hand.hold()
    assert ForgetNetwork("Vogelweide") in hand.effects


def test_pairing_anew_asks_first() -> None:
    hand = settable()
    hand.go_to("Pairing")
    hand.hold()
    hand.go_to("Pair anew")
    hand.hold()
    hand.hold()
    assert not [one for one in hand.effects if isinstance(one, SetUp)], "no is chosen"
    hand.go_to("Pair anew")
    hand.hold()
    hand.go_to("Yes, pair anew")
    hand.hold()
    assert SetUp("pair") in hand.effects


def test_a_device_on_a_desk_offers_no_setup() -> None:
    hand = opened()
    for label in ("Wi-Fi", "Pairing"):
        hand.go_to(label)
        hand.hold()
        assert not {"Set up", "Pair anew"} & {line.label for line in lines(hand.state)}
        hand.go_to("Back")
        hand.hold()


def test_a_wheel_does_the_same_with_fewer_presses() -> None:
    hand = opened()
    hand.turn(-1)
    assert lines(hand.state)[hand.state.menu.at if hand.state.menu else 0].label == "Close"
    hand.turn(-1)
    hand.push()
    assert hand.state.menu is not None and hand.state.menu.page == "about"
    hand.push()
    hand.turn(1)
    hand.push()
    assert hand.state.menu is None


def test_a_wheel_sets_volume_and_brightness_finely() -> None:
    hand = opened()
    hand.go_to("Volume")
    hand.push()
    hand.turn(-2)
    assert hand.state.settings.volume == 65 and SetVolume(65) in hand.effects
    body = face_of(hand.state, hand.now_ms, clock="14:05", date="d").body
    assert isinstance(body, MenuFace) and body.turning and body.lines[body.at].value == "65 %"
    hand.push()
    hand.turn(1)
    hand.push()
    hand.turn(-99)
    assert hand.state.settings.brightness == 5 and hand.state.settings.volume == 65
    hand.hold()
    assert hand.state.settings.brightness == 20, "the button alone goes on in steps"


def test_a_page_that_is_too_long_is_turned_by_clicks() -> None:
    hand = opened(State(settings=Settings(text="large", language="de")))
    hand.go_to("WLAN")
    hand.hold()
    hand.hold()
    seen = []
    for _ in range(4):
        body = face_of(hand.state, hand.now_ms, clock="14:05", date="d").body
        assert isinstance(body, Page)
        seen.append(body.leaf)
        hand.click()
    assert seen[:2] == [0, 1] and 0 in seen[2:], "round and round"


def test_forgetting_asks_first_and_no_is_chosen() -> None:
    hand = opened(State(shelf=Shelf((Card(number=1, title="Ordered"),))))
    hand.go_to("Privacy")
    hand.hold()
    hand.go_to("Forget all")
    hand.hold()
    hand.hold()
    assert ForgetAll() not in hand.effects and hand.state.shelf.cards
    hand.hold()
    hand.click()
    hand.hold()
    assert ForgetAll() in hand.effects and not hand.state.shelf.cards and mode_of(hand.state) is Mode.ERROR


def test_what_is_private_is_told_and_the_camera_is_switched() -> None:
    hand = opened(State(has_camera=True, muted=True, settings=Settings()))
    hand.go_to("Privacy")
    hand.hold()
    body = face_of(hand.state, hand.now_ms, clock="14:05", date="d").body
    assert isinstance(body, MenuFace)
    assert [(line.label, line.value) for line in body.lines[:2]] == [("Camera", "on"), ("Microphone", "switched off")]
    hand.hold()
    assert not hand.state.settings.camera


def test_a_long_card_is_read_leaf_by_leaf_and_then_comes_the_next_card() -> None:
    long = Card(number=1, title="News", body="All that is new, told at length. " * 30)
    hand = Hand(State(shelf=Shelf((long, Card(number=2, title="Ordered")), 0, 60_000)))
    seen = []
    for _ in range(12):
        seen.append((hand.state.shelf.at, hand.state.shelf.leaf))
        hand.click()
        if hand.state.shelf.until_ms < 0:
            break
    leaves = [leaf for at, leaf in seen if at == 0]
    assert leaves == list(range(len(leaves))) and len(leaves) >= 3
    assert seen[-1] == (1, 0)
    hand = Hand(State(shelf=Shelf((long, Card(number=2, title="Ordered")), 1, 60_000)))
    hand.turn(-1)
    assert (hand.state.shelf.at, hand.state.shelf.leaf) == (0, len(leaves) - 1), "backwards it is read backwards"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["click", "double", "triple", "hold", "left", "right", "push", "wait"]), max_size=25),
    st.sampled_from(languages()),
    st.sampled_from(["normal", "large"]),
)
def test_wherever_a_finger_strays_there_is_a_face_to_draw(
    strayed: list[str], language: str, text: Literal["normal", "large"]
) -> None:
    shelf = Shelf((Card(number=1, title="News", body="All that is new. " * 40), Card(number=2, title="Ordered")))
    chosen = Settings(language=language, text=text)
    hand = opened(State(shelf=shelf, has_camera=True, online=True, settings=chosen))
    moves = {
        "click": hand.click,
        "double": lambda: hand.click(2),
        "triple": lambda: hand.click(3),
        "hold": hand.hold,
        "left": lambda: hand.turn(-1),
        "right": lambda: hand.turn(2),
        "push": hand.push,
        "wait": lambda: hand.wait(16_000),
    }
    for move in strayed:
        moves[move]()
    image = draw(face_of(hand.state, hand.now_ms, clock="14:05", date="Monday"))
    assert image.size == (240, 280)
