"""The command line: pairing, tokens, and errors that say what to do."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud import cli
from cloud.errors import ConfigError, DeviceNameTaken
from cloud.people.accounts import Accounts

runner = CliRunner()


def run(*words: str, typed: str = "") -> str:
    result = runner.invoke(cli.program, list(words), input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_device_is_paired_by_a_key_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    key_file = tmp_path / "hare.key"
    said = run("pair", "Hare", "--data-dir", str(tmp_path / "data"), "--write", str(key_file))
    key = json.loads(key_file.read_text())
    assert key == {"device": "hare", "key": Accounts(tmp_path / "data" / "people").device("hare").key}
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert key["key"] not in said


def test_without_a_file_the_key_is_printed_once(tmp_path: Path) -> None:
    key = json.loads(run("pair", "hare", "--data-dir", str(tmp_path)))
    assert key["key"] not in run("devices", "--data-dir", str(tmp_path))


def test_a_revoked_device_is_listed_no_more(tmp_path: Path) -> None:
    run("pair", "hare", "--data-dir", str(tmp_path))
    run("revoke", "hare", "--data-dir", str(tmp_path))
    assert run("devices", "--data-dir", str(tmp_path)) == ""


def test_the_token_is_the_one_that_lets_the_owner_in(tmp_path: Path) -> None:
    token = run("token", "--data-dir", str(tmp_path)).strip()
    accounts = Accounts(tmp_path / "people")
    accounts.open()
    assert accounts.check_token(token) == "owner"


def test_what_is_wrong_is_said_in_one_line_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["leveret", "revoke", "hare", "--data-dir", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "leveret pair" in said
    assert "Traceback" not in said


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    run("pair", "hare", "--data-dir", str(tmp_path))
    with pytest.raises(DeviceNameTaken):
        runner.invoke(cli.program, ["pair", "hare", "--data-dir", str(tmp_path)], catch_exceptions=False)


def test_flags_go_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERET_DATA_DIR", str(tmp_path / "environment"))
    run("token", "--data-dir", str(tmp_path / "flag"))
    assert (tmp_path / "flag" / "people" / "owner.token").exists()
    assert not (tmp_path / "environment").exists()


def test_an_unknown_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERET_PROT", "1")
    with pytest.raises(ConfigError, match="LEVERET_PORT"):
        runner.invoke(cli.program, ["token"], catch_exceptions=False)


def test_a_secret_is_read_from_the_standard_input_and_never_shown(tmp_path: Path) -> None:
    folder = ("--data-dir", str(tmp_path))
    said = run("vault", "add", "shop", "--origin", "shop.example", *folder, typed="correct horse\n")
    listed = run("vault", "list", *folder)
    assert listed == "shop  password  on https://shop.example\n"
    assert "horse" not in said + listed
    assert "1" in run("vault", "rotate", *folder)
    assert run("vault", "list", *folder) == listed
    run("vault", "remove", "shop", *folder)
    assert run("vault", "list", *folder) == ""
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"correct horse" in path.read_bytes()]


@pytest.mark.parametrize("what", ["device", "cloud"])
def test_both_programs_are_installed_and_removed_by_this_command(what: str, tmp_path: Path) -> None:
    said = run("install", what, "--dry-run", "--root", str(tmp_path))
    assert f"would write /etc/systemd/system/leveret-{what}.service" in said
    assert f"Nothing to do: leveret-{what} is not here." in run("uninstall", what, "--root", str(tmp_path))
