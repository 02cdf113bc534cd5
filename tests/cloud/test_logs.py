"""Structured logs without secrets."""

import base64
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from cloud.logs import HIDDEN, Redactor, about, set_up

SECRET = "s3cret+token/äé=="


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    yield io.StringIO()
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_task_turn_and_device_are_on_every_line(out: io.StringIO) -> None:
    set_up(Redactor(), form="json", out=out)
    with about(device="hare", turn=3, task="t1"):
        structlog.get_logger().info("heard", text="hello")
    structlog.get_logger().info("idle")
    first, second = lines(out)
    assert (first["device"], first["turn"], first["task"], first["event"]) == ("hare", 3, "t1", "heard")
    assert "device" not in second


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_known_secret_is_in_no_line_however_it_is_written(out: io.StringIO, form: str) -> None:
    redactor = Redactor()
    redactor.register(SECRET)
    set_up(redactor, form=form, out=out)
    raw = SECRET.encode()
    try:
        raise ValueError(f"wrong key {SECRET}")
    except ValueError:
        structlog.get_logger().exception(
            f"failed with {SECRET}",
            header={"authorization": [f"Bearer {SECRET}"]},
            data=raw,
            encoded=(base64.b64encode(raw).decode(), raw.hex()),
            error=ValueError(SECRET),
        )
    logging.getLogger("uvicorn").warning("token %s refused", SECRET)
    said = out.getvalue()
    assert SECRET not in said
    assert raw.hex() not in said
    assert base64.b64encode(raw).decode().rstrip("=") not in said
    assert "s3cret" not in said
    assert said.count(HIDDEN) >= 6


def test_what_is_no_secret_stays_as_it_is(out: io.StringIO) -> None:
    redactor = Redactor()
    redactor.register(SECRET)
    set_up(redactor, form="json", out=out)
    structlog.get_logger().info("step", number=3, share=0.5, none=None, rows=["a", 1])
    (line,) = lines(out)
    assert (line["number"], line["share"], line["none"], line["rows"]) == (3, 0.5, None, ["a", 1])


@pytest.mark.parametrize("secret", ["abc", "horse", "737", "a4711"])
def test_a_secret_too_short_to_be_told_from_words_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="fewer than"):
        Redactor().register(secret)


def test_a_short_pin_is_hidden_where_it_stands_alone_and_left_within_other_numbers() -> None:
    redactor = Redactor()
    redactor.register("4711")
    for said in ("Your PIN is 4711.", "pin=4711&next", "PIN:4711", "pin_4711", "(4711)", "P-4711", "4711"):
        assert redactor.hide(said) == said.replace("4711", HIDDEN)
    for other in ("47110", "14711", "x4711y", "£4711.50", "1,4711", "2026-11-26T4711-01", "127.0.0.1:4711", "4711-22"):
        assert redactor.hide(other) == other
    assert redactor.cleaned({"seen": ["the code 4711"], "number": 4711}) == {
        "seen": [f"the code {HIDDEN}"],
        "number": 4711,
    }


def test_a_level_below_the_one_set_is_not_written(out: io.StringIO) -> None:
    set_up(Redactor(), form="json", level="warning", out=out)
    structlog.get_logger().info("quiet")
    assert out.getvalue() == ""
