"""The camera's process, over a fake of the module picamera2 that honours its documented API."""

from __future__ import annotations

import asyncio
import io
import json
import random
import struct
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from device.errors import CameraError
from device.parts.camera import PiCamera
from device.parts.eye import Eye
from device.pictures import jpeg_of

FAKE = Path(__file__).parent / "fake_picamera2"
Make = Callable[..., PiCamera]


def _whole() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((160, 120), 90).convert("RGB").save(out, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0")
    return out.getvalue()


WHOLE = _whole()


class World:
    """What the false camera does wrong, and what it was called."""

    def __init__(self, folder: Path) -> None:
        self._orders = folder / "orders.txt"
        self.order()

    def order(self, *words: str) -> None:
        self._orders.write_text("\n".join(words))

    def taken(self) -> None:
        """Waits until the camera does what was ordered."""
        while self._orders.read_text():
            time.sleep(0.005)

    @property
    def environ(self) -> dict[str, str]:
        return {"PYTHONPATH": str(FAKE), "FAKE_CAMERA": str(self._orders)}

    def calls(self, name: str = "") -> list[dict[str, Any]]:
        path = self._orders.with_suffix(".calls")
        told = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [call for call in told if name in ("", call["name"])]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def make(world: World) -> Iterator[Make]:
    made: list[PiCamera] = []

    def camera(eye: Eye | None = None, **given: float) -> PiCamera:
        made.append(PiCamera(eye, environ=world.environ, **{"answer_s": 60, "start_s": 60, **given}))
        return made[-1]

    yield camera
    for one in made:
        one.close()
        one.close()


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


async def test_one_still_configuration_with_one_buffer_serves_all_pictures(world: World, make: Make) -> None:
    camera = make()
    await camera.warm()
    for _ in range(3):
        assert opened(await camera.picture()).size == (1280, 960)
    (still,) = world.calls("still")
    assert still["buffer_count"] == 1 and not still["queue"]
    assert still["raw"] is None and still["lores"] is None and still["main"] == {"size": [1280, 960]}
    assert len(world.calls("configure")) == 1
    assert [call["show_preview"] for call in world.calls("start")] == [False]
    assert len(world.calls("capture")) == 3 and len({call["process"] for call in world.calls()}) == 1


@pytest.mark.parametrize(("rotation", "red"), [(0, (0.1, 0.1)), (90, (0.9, 0.1)), (180, (0.9, 0.9)), (270, (0.1, 0.9))])
async def test_the_picture_is_upright_however_the_eye_is_built_in(
    make: Make, rotation: Literal[0, 90, 180, 270], red: tuple[float, float]
) -> None:
    image = opened(await make(Eye(rotation=rotation, width=320, height=240)).picture())
    assert image.size == ((320, 240) if rotation in (0, 180) else (240, 320))
    pixel = image.getpixel((int(red[0] * image.width), int(red[1] * image.height)))
    assert isinstance(pixel, tuple) and pixel[0] > 180 > 80 > pixel[2]


async def test_a_preview_is_small_and_needs_no_stream_of_its_own(world: World, make: Make) -> None:
    preview = await make().preview()
    assert preview.size == (240, 180)
    assert len(world.calls("still")) == 1 and world.calls("still")[0]["lores"] is None


async def test_a_kernel_without_memory_costs_the_process_and_not_the_picture(world: World, make: Make) -> None:
    camera = make()
    await camera.picture()
    world.order("enomem")
    assert opened(await camera.picture()).size == (1280, 960)
    assert len({call["process"] for call in world.calls()}) == 2
    world.order("enomem", "enomem")
    with pytest.raises(CameraError, match="no memory"):
        await camera.picture()
    await camera.picture()


async def test_a_process_that_dies_is_replaced(world: World, make: Make) -> None:
    camera = make()
    world.order("die")
    await camera.picture()
    assert len({call["process"] for call in world.calls()}) == 2
    world.order("die", "die")
    with pytest.raises(CameraError, match="stopped"):
        await camera.picture()
    await camera.picture()


async def test_a_camera_that_hangs_is_given_up_and_works_again(world: World, make: Make) -> None:
    camera = make(answer_s=0.3)
    await camera.warm()
    world.order("hang")
    with pytest.raises(CameraError, match="in time"):
        await camera.picture()
    assert opened(await camera.picture()).size == (1280, 960)


async def test_a_picture_that_nobody_waits_for_any_more_is_not_taken_for_the_next(world: World, make: Make) -> None:
    camera = make()
    await camera.warm()
    world.order("hang")
    waiting = asyncio.create_task(camera.picture())
    await asyncio.to_thread(world.taken)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert opened(await camera.picture()).size == (1280, 960)


async def test_while_the_camera_starts_or_hangs_the_loop_is_never_stalled(world: World, make: Make) -> None:
    camera = make(answer_s=0.5)
    longest_s, running = 0.0, True

    async def look() -> None:
        nonlocal longest_s
        while running:
            began_s = time.process_time()
            await asyncio.sleep(0.005)
            longest_s = max(longest_s, time.process_time() - began_s)

    looking = asyncio.create_task(look())
    await camera.picture()
    world.order("hang")
    with pytest.raises(CameraError):
        await camera.picture()
    running = False
    await looking
    # Time of this process, not of the wall: what others do on the machine is no stall of ours.
    assert longest_s < 0.2


async def test_a_torn_picture_is_refused_and_the_next_is_whole(world: World, make: Make) -> None:
    camera = make()
    for order in ("torn", "empty", "garbage"):
        world.order(order)
        with pytest.raises(CameraError, match="torn"):
            await camera.picture()
        assert opened(await camera.picture()).size == (1280, 960)
    assert len({call["process"] for call in world.calls()}) == 1, "a torn picture needs no new process"


async def test_a_strange_picture_is_a_picture(world: World, make: Make) -> None:
    camera = make()
    for order in ("black", "white", "tiny", "noise", "tall"):
        world.order(order)
        assert opened(await camera.picture()).format == "JPEG"


@pytest.mark.parametrize(("order", "words"), [("unplugged", "No camera is connected"), ("busy", "another program")])
async def test_why_there_is_no_picture_is_said_and_it_is_tried_anew(
    world: World, make: Make, order: str, words: str
) -> None:
    camera = make()
    world.order(order)
    with pytest.raises(CameraError, match=words):
        await camera.picture()
    await camera.picture()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_picture_however_broken_does_more_than_be_refused(data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=12)):
        whole[at] = value
    broken = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        jpeg = jpeg_of(broken)
    except CameraError as error:
        assert str(error).endswith(".")
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            assert opened(jpeg).format == "JPEG"


def _with_notes(notes: bytes) -> bytes:
    """The whole picture, with EXIF that says this."""
    segment = (b"Exif\0\0" + notes)[:65_533]
    return WHOLE[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + WHOLE[2:]


def _lies(dice: random.Random) -> bytes:
    """A table of EXIF with counts, kinds and places that cannot be."""
    order = dice.choice("<>")
    table = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", dice.choice((8, 0, 4, 2**31)))
    table += struct.pack(order + "H", dice.choice((1, 3, 50, 65_535)))
    for _ in range(50):
        tag = dice.choice((0x0112, 0x8769, 0x8825, 0xA005, dice.randrange(65_536)))
        table += struct.pack(order + "HHI", tag, dice.randint(0, 13), dice.choice((0, 1, 4, 2**31, 2**32 - 1)))
        table += dice.choice((struct.pack(order + "I", 8), dice.randbytes(4)))
    return table + struct.pack(order + "I", dice.choice((0, 8, 2**32 - 1)))


def test_a_picture_whose_notes_lie_is_a_picture_all_the_same() -> None:
    dice = random.Random(1)
    for number in range(100):
        notes = dice.randbytes(dice.choice((0, 10, 60_000))) if number % 2 else _lies(dice)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            assert opened(jpeg_of(_with_notes(notes))).format == "JPEG"


async def test_without_picamera2_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    camera = PiCamera(environ={"PYTHONPATH": ""}, start_s=60)
    try:
        with pytest.raises(CameraError, match="apt install python3-picamera2"):
            await camera.picture()
    finally:
        camera.close()
    with pytest.raises(CameraError, match="closed"):
        await camera.picture()
