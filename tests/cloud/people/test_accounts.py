"""Who may speak to the cloud."""

import stat
from pathlib import Path

import pytest

from cloud.errors import DeviceNameTaken, DeviceUnknown, TokenRefused
from cloud.people.accounts import OWNER, Accounts, id_of


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_token_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "people")
    token = accounts.open()
    assert len(token) >= 32
    assert mode(accounts.token_path) == 0o600
    assert Accounts(tmp_path / "people").open() == token


def test_only_the_owners_token_is_taken(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    token = accounts.open()
    assert accounts.check_token(token) == OWNER
    for wrong in ("", token[:-1], token + "x", token.swapcase(), "é"):
        with pytest.raises(TokenRefused):
            accounts.check_token(wrong)


def test_no_token_is_taken_before_there_is_one(tmp_path: Path) -> None:
    with pytest.raises(TokenRefused):
        Accounts(tmp_path).check_token("")


def test_a_paired_device_is_found_again_also_by_another_process(tmp_path: Path) -> None:
    device = Accounts(tmp_path).pair("Kitchen hare")
    assert device.id == "kitchen-hare"
    assert len(bytes.fromhex(device.key)) == 32
    assert Accounts(tmp_path).device("kitchen-hare") == device
    assert Accounts(tmp_path).devices() == (device,)
    assert mode(tmp_path / "devices" / "kitchen-hare.json") == 0o600


def test_two_devices_never_share_a_key(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    assert accounts.pair("a").key != accounts.pair("b").key


def test_a_name_is_paired_once(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.pair("hare")
    with pytest.raises(DeviceNameTaken):
        accounts.pair("Hare")


def test_a_revoked_device_is_unknown(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.pair("hare")
    accounts.revoke("hare")
    with pytest.raises(DeviceUnknown):
        accounts.device("hare")
    with pytest.raises(DeviceUnknown):
        accounts.revoke("hare")


@pytest.mark.parametrize("device_id", ["", "../owner", "a/b", "A", "-", "x" * 65, "a\n", "owner.token"])
def test_an_id_never_leads_out_of_the_folder(tmp_path: Path, device_id: str) -> None:
    accounts = Accounts(tmp_path)
    accounts.open()
    with pytest.raises(DeviceUnknown):
        accounts.device(device_id)


def test_a_name_without_letters_is_none() -> None:
    with pytest.raises(DeviceUnknown):
        id_of("!!!")
