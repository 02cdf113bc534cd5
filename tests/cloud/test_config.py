"""What the cloud is told at its start."""

from pathlib import Path

import pytest

from cloud.config import Config, all_keys, load
from cloud.errors import ConfigError
from release.boot import names


def written(folder: Path, text: str) -> Path:
    path = folder / "leveret.toml"
    path.write_text(text)
    return path


def test_without_a_file_everything_has_a_safe_default() -> None:
    config = load()
    assert config == Config()
    assert (config.host, config.allow_local, config.model.url) == ("127.0.0.1", (), "")


def test_environment_lies_over_the_file_and_flags_over_both(tmp_path: Path) -> None:
    path = written(tmp_path, 'port = 1\nhost = "a"\nstt = "moonshine"\n[owner]\nname = "Ada"\n')
    config = load(path, {"LEVERET_PORT": "2", "LEVERET_HOST": "b", "LEVERET_OWNER_ADDRESS": "Elm"}, {"port": 3})
    assert (config.port, config.host, config.stt) == (3, "b", "moonshine")
    assert (config.owner.name, config.owner.address) == ("Ada", "Elm")


def test_flags_that_were_not_given_change_nothing() -> None:
    assert load(None, {"LEVERET_PORT": "7"}, {"port": None}).port == 7


def test_lists_and_sites_can_come_from_the_environment() -> None:
    config = load(
        None,
        {
            "LEVERET_SITES": "pizza=http://127.0.0.1:81/pizza, bistro=http://127.0.0.1:81/bistro",
            "LEVERET_ALLOW_LOCAL": "127.0.0.1:81,127.0.0.1:82",
            "LEVERET_SKILLS": "a,b/c",
        },
    )
    assert config.sites == {"pizza": "http://127.0.0.1:81/pizza", "bistro": "http://127.0.0.1:81/bistro"}
    assert config.allow_local == ("127.0.0.1:81", "127.0.0.1:82")
    assert config.skills == (Path("a"), Path("b/c"))


@pytest.mark.parametrize(
    ("text", "nearest"),
    [('hosst = "x"', "'host'"), ('[owner]\nadress = "x"', "'address'"), ("[limit]\ntasks = 1", "'limits'")],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path, text: str, nearest: str) -> None:
    with pytest.raises(ConfigError, match=f"did you mean {nearest}"):
        load(written(tmp_path, text))


def test_an_unknown_variable_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"LEVERET_PROT.*did you mean 'LEVERET_PORT'"):
        load(None, {"LEVERET_PROT": "1"})


def test_variables_of_other_programs_are_left_alone() -> None:
    assert load(None, {"LEVERET_CRASH_AT": "after-click", "LEVERET_DEVICE_KEY": "x", "PATH": "/bin"}) == Config()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('port = "many"', "port"),
        ("port = 70000", "port 70000"),
        ('timezone = "Mars/Olympus"', "Mars/Olympus"),
        ('[sites]\npizza = "ftp://x"', "pizza"),
        ('allow_local = ["127.0.0.1"]', "host:port"),
        ('log = "loud"', "console or json"),
        ('log_level = "loud"', "debug, info"),
        ('owner = "Ada"', r"\[owner\]"),
        ("port = = 1", "no TOML"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_every_key_can_be_set_by_a_variable() -> None:
    assert "limits.ask_s" in all_keys()
    assert load(None, {"LEVERET_LIMITS_ASK_S": "5"}).limits.ask_s == 5.0


def test_what_its_parent_tells_the_cloud_is_no_setting() -> None:
    told = [value for name, value in vars(names).items() if name.isupper()]
    assert len(told) >= 4 and load(None, dict.fromkeys(told, "x")) == load(None, {})
