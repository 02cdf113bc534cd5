"""Which fields a secret may go into."""

from __future__ import annotations

import pytest

from browser.fingerprint import Fingerprint
from cloud.tools.secrets import takes


def seen(tag: str = "input", label: str = "", **attributes: str) -> Fingerprint:
    return Fingerprint(tag=tag, label=label, name=label, attributes=attributes)


@pytest.mark.parametrize(
    ("kind", "fits", "others"),
    [
        ("password", [seen(type="password")], [seen(), seen(type="text"), seen("textarea"), seen("div")]),
        (
            "one_time_code",
            [
                seen(autocomplete="one-time-code"),
                seen(type="number", label="Verification code"),
                seen(type="tel", id="otpInput"),
                seen(name="totp_token"),
                seen(type="password", label="6-digit code"),
            ],
            [seen(label="Comment"), seen(type="checkbox", label="Code"), seen("select", label="Code")],
        ),
        (
            "card",
            [seen(autocomplete="billing cc-number"), seen(label="Card number"), seen(name="cardCvc", type="tel")],
            [seen(label="Discard"), seen(type="checkbox", label="Card"), seen(label="Street")],
        ),
        ("text", [seen(), seen("textarea"), seen(type="email")], [seen(type="file"), seen("button"), seen("select")]),
    ],
)
def test_each_kind_of_secret_goes_only_into_fields_for_it(
    kind: str, fits: list[Fingerprint], others: list[Fingerprint]
) -> None:
    assert [one for one in fits if not takes(kind, one)] == []
    assert [one for one in others if takes(kind, one)] == []
