from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given
from PIL import Image, ImageChops

from device.drawing import BLACK, HEIGHT, INNER, WIDTH, blank, clip, fit, line_height, width_of, wrap
from device.faces import draw, light_of
from device.state import Asked, State
from device.view import (
    Bell,
    Body,
    Choice,
    Confirm,
    Face,
    Idle,
    Listening,
    MenuFace,
    MenuLine,
    Page,
    Slot,
    Status,
    Thinking,
    Trouble,
    Working,
    face_of,
    spoken_left,
)
from wire.messages import Ask
from wire.outcomes import Tone
from wire.parts import AskChoice, Row, Timer

LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitän " * 6
    + "and more words than any screen of this size could ever show at once"
)
ROWS = (Row("Pizza", "Large pepperoni", "you"), Row("Total", "14.50", "site"), Row("To", "Elm Street 5", "you"))
BODIES: dict[str, Body] = {
    "idle": Idle("14:05", "Wednesday 30 September", "Hold to talk", "1:19:58", "tea"),
    "idle long": Idle("14:05", "Wednesday 30 September", LONG, "19:58", LONG),
    "listening": Listening(5, "order a large pepperoni pizza", camera=True),
    "listening long": Listening(3, LONG, left_s=8),
    "thinking": Thinking("Thinking", LONG, 3),
    "working": Working("Putting a large pepperoni into the cart", 3, 7, 1),
    "working long": Working(LONG, 0, 0, 1),
    "confirm": Confirm("Order it?", ROWS, 42, True),
    "confirm early": Confirm("Order it?", ROWS, 42, False),
    "confirm half": Confirm("Order it?", ROWS, 42, True, whole=False),
    "confirm long": Confirm(LONG, tuple(Row(LONG[:80], LONG, "site") for _ in range(12)), 42, True),
    "choice": Choice("For two, or for ten?", (AskChoice("2", "two"), AskChoice("10", "ten")), 1, 9, True),
    "choice long": Choice(LONG, tuple(AskChoice(str(at), LONG[:80]) for at in range(12)), 11, 9, False),
    "choice empty": Choice("Which?", (), 0, 9, True),
    "slot": Slot("What time?", 30),
    "slot long": Slot(LONG, 30),
    "page": Page("Ordered", "It is on its way.", ROWS, 1, 3, True),
    "page long": Page(LONG[:80], LONG * 3, ROWS * 4, 7, 8),
    "page spoken": Page("", "It is five.", speaking=True, said=True),
    "page empty": Page("", ""),
    "bell": Bell("tea", 1),
    "bell long": Bell(LONG, 0),
    "trouble": Trouble("I did not hear anything.", Tone.SOFT),
    "trouble long": Trouble(LONG, Tone.ERROR),
    "menu": MenuFace(tuple(MenuLine(f"Line {at}", LONG) for at in range(9)), 8),
}
STATUS = Status(True, "14:05", 82, False, 1)


def used(image: Image.Image) -> tuple[int, int, int, int]:
    """The box of all that is not background."""
    box = ImageChops.difference(image, blank()).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("name", list(BODIES))
def test_every_face_keeps_off_the_round_corners_whatever_its_words(name: str) -> None:
    image = draw(Face(STATUS, BODIES[name]))
    assert image.size == (WIDTH, HEIGHT) and image.mode == "RGB"
    left, top, right, bottom = used(image)
    assert left >= 4 and top >= 8 and right <= WIDTH - 4 and bottom <= HEIGHT - 4


@pytest.mark.parametrize("name", [name for name in BODIES if name != "page empty"])
def test_every_face_has_something_bright_to_read(name: str) -> None:
    without = draw(Face(STATUS, Page("", "")))
    lit = ImageChops.difference(draw(Face(STATUS, BODIES[name])), without).convert("L")
    assert sum(lit.histogram()[140:]) > 150


def test_faces_of_different_kinds_look_different() -> None:
    pictures = [draw(Face(STATUS, body)).tobytes() for body in BODIES.values()]
    assert len(set(pictures)) == len(pictures)


def test_the_yes_is_green_only_when_a_press_is_taken() -> None:
    ready = draw(Face(STATUS, BODIES["confirm"]))
    early = draw(Face(STATUS, BODIES["confirm early"]))
    green = (92, 214, 132)
    assert green in [colour for _, colour in ready.crop((130, 225, 220, 260)).getcolors(99_999)]
    assert green not in [colour for _, colour in early.crop((130, 225, 220, 260)).getcolors(99_999)]


def test_what_is_agreed_to_is_shown_whole_when_there_is_room() -> None:
    address = "Elm Street 5, second floor, at the back door"
    long_row = Confirm("Order it?", (Row("To", address, "you"),), 9, True)
    clipped = Confirm("Order it?", (Row("To", address[:30], "you"),), 9, True)
    assert draw(Face(STATUS, long_row)).tobytes() != draw(Face(STATUS, clipped)).tobytes()
    lines = wrap(address, 17, INNER, "Medium")
    assert " ".join(lines) == address


def test_only_movement_does_not_make_a_new_key() -> None:
    def key(body: Body) -> str:
        return Face(STATUS, body).key

    assert key(Listening(1, "a")) == key(Listening(5, "a")) != key(Listening(1, "b"))
    assert key(Confirm("a", ROWS, 9, True)) == key(Confirm("a", ROWS, 8, True)) != key(Confirm("a", ROWS, 9, False))
    assert key(Working("a", 1, 2, 0)) == key(Working("a", 1, 2, 9)) != key(Working("a", 2, 2, 0))
    assert key(Idle("14:05", "d")) == key(Idle("14:06", "d"))


def test_the_light_says_what_the_device_does() -> None:
    lights = {name: light_of(Face(STATUS, body)) for name, body in BODIES.items()}
    assert lights["idle"] == (0, 0, 0)
    assert len({lights[name] for name in ("idle", "listening", "thinking", "confirm", "trouble long")}) == 5


def test_a_question_shows_its_countdown_in_seconds_rounded_up() -> None:
    ask = Ask(number=1, ask="q", kind="confirm", text="Sure?", digest="d", expires_at_ms=0)
    state = State(asks=(Asked(ask, until_ms=10_001, drawn_ms=0),), online=True)
    body = face_of(state, 0, clock="14:05", date="d").body
    assert isinstance(body, Confirm) and body.left_s == 11 and not body.ready


def test_idle_shows_the_next_timer_and_why_there_is_no_cloud() -> None:
    timers = (Timer("a", "late", 90_000), Timer("b", "tea", 61_500))
    body = face_of(State(timers=timers, clock_known=True, offset_ms=500), 0, clock="14:05", date="d").body
    assert isinstance(body, Idle) and (body.timer, body.timer_label) == ("1:01", "tea")
    assert body.hint == "Connecting"
    away = face_of(State(link_sentence="Not reached."), 0, clock="14:05", date="d").body
    assert isinstance(away, Idle) and away.hint == "Not reached."


@pytest.mark.parametrize(("left_s", "words"), [(7, "0:07"), (754, "12:34"), (3909, "1:05:09")])
def test_time_that_is_left_is_read_like_a_clock(left_s: int, words: str) -> None:
    assert spoken_left(left_s) == words


@given(st.text(max_size=300), st.integers(40, 220))
def test_wrapped_lines_are_never_wider_than_the_box_unless_one_letter_is(text: str, width: int) -> None:
    for line in wrap(text, 19, width):
        assert width_of(line, 19) <= width or len(line) == 1


@given(st.text(max_size=200), st.integers(20, 200))
def test_fitted_text_is_never_higher_than_the_box(text: str, height: int) -> None:
    for keep_end in (False, True):
        size, lines = fit(text, (26, 20, 16), INNER, height, keep_end=keep_end)
        assert len(lines) * line_height(size) <= max(height, line_height(size))


def test_clipped_text_tells_that_it_is_clipped() -> None:
    assert clip("short", 17, 200) == "short"
    assert clip(LONG, 17, 100).endswith("…") and width_of(clip(LONG, 17, 100), 17) <= 100


def test_the_background_is_nearly_black_for_a_small_battery() -> None:
    assert sum(BLACK) < 60
