"""What of that which a site says is held to the person's cap."""

from __future__ import annotations

import pytest

from cloud.tools.gate import kind_of
from teach_mode.interfaces import SiteSays


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (SiteSays(name="total", text="12", capped=True), "amount"),
        (SiteSays(name="there", text="It costs € 12.00"), "amount"),
        (SiteSays(name="sent-1", title="Message", text="You owe me $500 since May.", sent=True), "text"),
        (SiteSays(name="sent-1", title="Amount in EUR", text="500", sent=True), "amount"),
        (SiteSays(name="sent-1", title="Amount", text="$500.00", sent=True), "amount"),
        (SiteSays(name="sent-1", title="Guests", text="5", sent=True), "text"),
    ],
)
def test_a_field_of_a_form_is_an_amount_only_as_a_whole(says: SiteSays, kind: str) -> None:
    assert kind_of(says) == kind
