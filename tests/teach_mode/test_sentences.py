"""What elements are called."""

from __future__ import annotations

import pytest

from browser.fingerprint import Fingerprint
from teach_mode.sentences import element


@pytest.mark.parametrize(
    ("seen", "called"),
    [
        ({"role": "button", "name": "Order  now"}, "“Order now”"),
        ({"role": "link", "name": "More"}, "the link “More”"),
        ({"role": "textbox", "label": "Street"}, "“Street”"),
        ({"role": "table", "text": "Order Total P-1001 14.50"}, "the table"),
        ({"role": "row", "text": "P-1001 14.50"}, "the row “P-1001 14.50”"),
        ({"tag": "strong", "text": "…"}, "a text"),
        ({"role": "img"}, "the picture"),
        ({"tag": "canvas"}, "a canvas"),
        ({"role": "heading", "text": "x" * 70}, f"“{'x' * 59}…”"),
    ],
)
def test_an_element_is_called_as_a_person_would(seen: dict[str, str], called: str) -> None:
    assert element(Fingerprint(**{"role": "", "tag": "", **seen})) == called
