"""The adapter against NetworkManager's D-Bus interface, played by python-dbusmock."""

from __future__ import annotations

import pytest

from device.errors import RadioError
from device.provisioning.network_manager import HOTSPOT_ADDRESS, NetworkManagerRadio
from device.provisioning.radio import NotJoined, Online, Seen, Why, Wish

VOGELWEIDE = Wish("Vogelweide", "correct horse", country="DE")


async def test_one_network_is_seen_joined_kept_and_forgotten(radio: NetworkManagerRadio) -> None:
    assert await radio.online() is Online.NO
    seen = await radio.networks()
    assert seen[:2] == (Seen("Vogelweide", 90, True), Seen("Café", 70, False))
    await radio.join(VOGELWEIDE, 20)
    assert await radio.online() is Online.YES
    assert await radio.saved() == ("Vogelweide",)
    assert (await radio.networks())[0].known
    await radio.rejoin("Vogelweide", 20)
    await radio.join(Wish("Vogelweide"), 20)
    await radio.forget("Vogelweide")
    assert await radio.saved() == ()
    with pytest.raises(NotJoined) as refused:
        await radio.rejoin("Vogelweide", 20)
    assert refused.value.why is Why.ABSENT


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish("Vogelweide", "wrong horse"), Why.PASSWORD),
        (Wish("Nowhere", "whatever 0", hidden=True), Why.ABSENT),
        (Wish("No address", "whatever 1"), Why.ADDRESS),
    ],
)
async def test_why_a_network_was_not_joined_is_known_and_nothing_of_it_is_kept(
    radio: NetworkManagerRadio, wish: Wish, why: Why
) -> None:
    with pytest.raises(NotJoined) as refused:
        await radio.join(wish, 20)
    assert refused.value.why is why
    assert await radio.saved() == () and await radio.online() is Online.NO


async def test_a_network_that_never_answers_is_given_up(radio: NetworkManagerRadio) -> None:
    with pytest.raises(NotJoined) as refused:
        await radio.join(Wish("Endless", "whatever 2"), 0.3)
    assert refused.value.why is Why.SLOW and await radio.saved() == ()


async def test_a_wrong_password_does_not_cost_the_one_that_is_kept(radio: NetworkManagerRadio) -> None:
    await radio.join(VOGELWEIDE, 20)
    with pytest.raises(NotJoined):
        await radio.join(Wish("Vogelweide", "wrong horse"), 20)
    assert await radio.saved() == ("Vogelweide",)
    await radio.rejoin("Vogelweide", 20)


async def test_a_hotspot_opens_and_closes_and_is_no_network_of_the_persons(radio: NetworkManagerRadio) -> None:
    hotspot = await radio.open_hotspot("Leveret-4F2A", "abcdefgh")
    assert hotspot.address == HOTSPOT_ADDRESS and await radio.saved() == ()
    await radio.close_hotspot()
    await radio.close_hotspot()
    assert await radio.online() is Online.NO


async def test_without_network_manager_it_is_said(tmp_path: object, bus: str) -> None:
    nobody = NetworkManagerRadio("unix:path=/nonexistent/bus")
    with pytest.raises(RadioError, match="no message bus"):
        await nobody.open()
    nobody.close()
