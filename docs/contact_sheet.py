"""Every face of the device on one sheet: in English, in German with large type, and in Arabic, from right to left.

`python -m docs.contact_sheet` writes docs/pictures/faces.png; it needs nothing that runs. `python -m docs.contact_sheet
de large out.png` writes the sheet of one language at full size, to look at.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from device.away import SIGN_IN
from device.drawing import AMBER, BLACK, BLUE, CORAL, GREEN, GREY, HEIGHT, LINE, VIOLET, WHITE, WIDTH, mix
from device.faces import draw
from device.menu import card, lines, title
from device.provisioning.introduction import Code
from device.provisioning.radio import Hotspot, Wish
from device.provisioning.state import Stage
from device.provisioning.state import State as Setup
from device.provisioning.steps import REFUSED
from device.provisioning.view import face_of
from device.settings import Settings
from device.state import Charge, Device, Menu, Network, State
from device.trust import Certificate
from device.view import (
    Aim,
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
    Unseen,
    Working,
)
from device.words import words_of
from wire.outcomes import OUTCOMES, Outcome, Tone
from wire.parts import AskChoice, Row

PICTURE: Final = Path(__file__).parent / "pictures" / "faces.png"
WAYS: Final = (("en", False), ("de", True), ("ar", False))
PAPER: Final = (24, 26, 30)
GAP_PX: Final = 8
SHARE: Final = 0.5
COLUMNS: Final = 11
INKS: Final = (WHITE, GREY, AMBER, GREEN, CORAL, BLUE, VIOLET, LINE)
SHADES: Final = 9


class Told(Struct, frozen=True):
    """What people and sites say in one language."""

    wish: str
    step: str
    ask: str
    rows: tuple[Row, ...]
    which: str
    choices: tuple[str, ...]
    when: str
    done: str
    news: str
    timer: str


TOLD: Final = {
    "en": Told(
        "order a large pepperoni pizza",
        "Putting a large pepperoni into the cart",
        "Order a large pepperoni pizza?",
        (Row("Total", "14.50 €", "site"), Row("To", "Elm Street 5, at the back door", "you")),
        "For two, or for ten?",
        ("for two", "for ten"),
        "What time shall I book the table for?",
        "Ordered",
        "It is on its way and will be there at about twenty past seven. ",
        "tea",
    ),
    "de": Told(
        "bestell eine große Pizza Salami",
        "Ich lege eine große Salami in den Warenkorb",
        "Eine große Pizza Salami bestellen?",
        (Row("Summe", "14,50 €", "site"), Row("An", "Ulmenstraße 5, Hinterhaus", "you")),
        "Für zwei oder für zehn?",
        ("für zwei", "für zehn"),
        "Für wann soll ich den Tisch bestellen?",
        "Bestellt",
        "Sie ist unterwegs und wird gegen zwanzig nach sieben da sein. ",
        "Tee",
    ),
    "ar": Told(
        "اطلب بيتزا ببروني كبيرة",
        "أضع بيتزا كبيرة في السلة",
        "هل أطلب بيتزا ببروني كبيرة؟",
        (Row("المجموع", "14.50 €", "site"), Row("إلى", "شارع الدردار 5، الباب الخلفي", "you")),
        "لشخصين أم لعشرة؟",
        ("لشخصين", "لعشرة"),
        "في أي ساعة أحجز الطاولة؟",
        "تم الطلب",
        "الطلب في الطريق وسيصل في حوالي السابعة والثلث. ",
        "شاي",
    ),
}


def faces(language: str, *, large: bool) -> list[Face]:
    """All faces, in the order in which a newcomer meets them."""
    words, told = words_of(language), TOLD[language]
    status = Status(True, "19:05", 62, False, 1)
    away = Status(False, "19:05", 12, False, 0)
    choices = tuple(AskChoice(one, one) for one in told.choices)
    lost = words.said(OUTCOMES[Outcome.NOT_UNDERSTOOD].sentence)
    shown: list[tuple[Status, Body]] = [
        (status, Idle("19:05", words.date(2, 30, 9), words("idle.hold"), "1:19:58", told.timer)),
        (away, Idle("19:05", words.date(2, 30, 9), words.said("The cloud cannot be reached. I keep trying."))),
        (status, Listening(4, told.wish, camera=True)),
        (status, Listening(2, told.news * 3, left_s=8)),
        (status, Thinking(words("thinking.thinking"), told.wish, 3)),
        (status, Working(told.step, 3, 7, 1)),
        (status, Confirm(told.ask, told.rows, 42, True)),
        (status, Confirm(told.ask, told.rows * 4, 42, True)),
        (status, Choice(told.which, choices, 1, 30, True)),
        (status, Slot(told.when, 30)),
        (status, Page(told.done, told.news, told.rows, 0, 3, True)),
        (status, Page(told.done, told.news * 6, told.rows, 1, 3)),
        (status, Page("", told.news, speaking=True, said=True)),
        (status, Bell(told.timer, 1)),
        (status, Unseen(words.said("Your alarm for seven a m rang, and nobody stopped it."), words("bell.seen"), 1)),
        (status, Trouble(lost, Tone.SOFT)),
        (status, Aim((words("aim.hold"), words("aim.back")), words("aim.starts"))),
        (away, Trouble(told.news * 5, Tone.ERROR)),
    ]
    settings = Settings(language=language, text="large" if large else "normal")
    shown += [(status, _menu(settings, page, at)) for page, at in _PAGES]
    return [Face(each, body, language, large) for each, body in shown] + setups(language, large=large)


_PAGES: Final = (("", 0), ("", 7), ("privacy", 0), ("wifi", 1), ("wifi_state", 0), ("pairing_state", 0), ("about", 0))


def setups(language: str, *, large: bool) -> list[Face]:
    """The screens of a setup, in the order in which they come."""
    known = Setup(language=language, has_camera=True, cloud="wss://leveret.example.org/device", joined=True)
    hotspot = Hotspot("Leveret-4F2A", "kwtzbdfh", "10.42.0.1")
    certificate = Certificate("", "3f9a" * 16, vouched=False)
    code = Code(code="BCDF-GHJK", words=("amber", "violin"), expires_in_ms=600_000)
    states = (
        replace(known, stage=Stage.HOTSPOT, hotspot=hotspot, joined=False),
        replace(known, stage=Stage.HOTSPOT, hotspot=hotspot, joined=False, trouble=REFUSED),
        replace(known, stage=Stage.SEEING),
        replace(known, stage=Stage.JOINING, wish=Wish("Vogelweide")),
        replace(known, stage=Stage.REACHING, trouble=SIGN_IN),
        replace(known, stage=Stage.PAIRING, code=code),
        replace(known, stage=Stage.PAIRING, code=code, certificate=certificate),
        replace(known, stage=Stage.CODE, trouble="I was not paired: ten minutes have passed."),
    )
    return [face_of(state, large=large) for state in states]


def _menu(settings: Settings, page: str, at: int) -> Body:
    words = words_of(settings.language)
    state = State(
        settings=settings,
        has_camera=True,
        online=True,
        device="hare-2041",
        about=Device("0.1.0", "whisplay", ("button", "screen", "microphone", "speaker", "lights"), "cloud.example.org"),
        settable=True,
        network=Network("Vogelweide", 71, "192.168.178.20", ("Café", "Vogelweide")),
        charge=Charge(percent=62),
        menu=Menu(at, 0, page),
    )
    read = card(state)
    if read is not None:
        return Page(read.title, read.body, read.rows, hints=(words("menu.next"), words("menu.back")))
    return MenuFace(tuple(MenuLine(one.label, one.value) for one in lines(state)), at, title(state))


def sheet(drawn: list[Image.Image], *, columns: int, share: float) -> Image.Image:
    """Screens in rows, each at this share of its size."""
    width, height = round(WIDTH * share), round(HEIGHT * share)
    rows = -(-len(drawn) // columns)
    size = (columns * (width + GAP_PX) + GAP_PX, rows * (height + GAP_PX) + GAP_PX)
    whole = Image.new("RGB", size, PAPER)
    for index, each in enumerate(drawn):
        row, column = divmod(index, columns)
        small = each if share == 1 else each.resize((width, height), Image.Resampling.LANCZOS)
        whole.paste(small, (GAP_PX + column * (width + GAP_PX), GAP_PX + row * (height + GAP_PX)))
    return whole


def contact_sheet() -> Image.Image:
    """The sheet of the documentation."""
    drawn = [draw(face) for language, large in WAYS for face in faces(language, large=large)]
    return sheet(drawn, columns=COLUMNS, share=SHARE)


def write() -> None:
    """The sheet in the device's own colours, in shades: a small file."""
    shades = [PAPER, *(mix(colour, BLACK, step / SHADES) for colour in INKS for step in range(SHADES + 1))]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for shade in shades[:256] for part in shade])
    contact_sheet().quantize(palette=palette, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


def main(argv: list[str]) -> None:
    """Write the documentation's sheet, or one language's at full size."""
    if argv:
        language, type_, path = argv
        drawn = [draw(face) for face in faces(language, large=type_ == "large")]
        sheet(drawn, columns=COLUMNS, share=1).save(path)
        return
    write()


if __name__ == "__main__":
    main(sys.argv[1:])
