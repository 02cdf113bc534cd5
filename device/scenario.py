"""What a simulated person does: steps in order, and how they react to questions. From YAML or the command line.

    steps:
      - say: order.wav                # hold, speak it, let go
        see: flyer.png
      - after: {event: first_audio, delay_ms: 300}
        press: 1                      # so many clicks; or single, double, triple
      - hold_ms: 2000                 # hold and be silent
      - text: cancel
      - wheel: 2
      - network: {drop: true}         # also {refuse_ms: 3000}, {delay_ms: 400}; runs beside the other steps
        after: {event: turn_began, delay_ms: 800}
    on_ask: {press: 2, delay_ms: 200} # what to do when a question to confirm can be answered
    answers: [margherita, seven.wav]  # to other questions, in order: a word, or a WAV to speak

`event` is the name of a journal entry, of a mode (`idle`) or of a message from the cloud (`ask`).
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from device.errors import ScenarioError

PRESSES: Final = {"none": 0, "single": 1, "click": 1, "double": 2, "triple": 3}
_STEPS_MOST: Final = 200


class After(Struct, frozen=True, forbid_unknown_fields=True):
    """Wait for an event, then so long."""

    event: str
    delay_ms: int = 0


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to the network: cut once, no connection for so long, everything later by so much."""

    drop: bool = False
    refuse_ms: int = 0
    delay_ms: int = 0


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that the person, or the network, does."""

    after: After | None = None
    say: Path | None = None
    see: Path | None = None
    hold_ms: int = 0
    press: int = 0
    text: str = ""
    wheel: int = 0
    network: Network | None = None


class OnAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """So many clicks when a question to confirm can be answered; 0: the person waits."""

    press: int = 0
    delay_ms: int = 0


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that the person does."""

    steps: tuple[Step, ...] = ()
    on_ask: OnAsk = OnAsk()
    answers: tuple[str, ...] = ()


def clicks_of(word: str | int) -> int:
    """ "double", "double-after-ask" or 2 as a number of clicks; raises ScenarioError."""
    name = str(word).removesuffix("-after-ask")
    if name.isdecimal() and int(name) <= 9:
        return int(name)
    if name not in PRESSES:
        raise ScenarioError(f"press {word!r} is none of {', '.join(PRESSES)}, nor a number of clicks up to 9")
    return PRESSES[name]


def read_scenario(path: Path) -> Scenario:
    """A scenario from a YAML file; paths in it count from its folder. Raises ScenarioError."""
    try:
        import yaml
    except ImportError as error:
        raise ScenarioError("scenarios in YAML need PyYAML: pip install 'leveret[simulated]'") from error
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"scenario {path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"scenario {path} is no YAML: {error}") from error
    return scenario_of(told, path.parent)


def scenario_of(told: Any, folder: Path) -> Scenario:
    """A scenario from plain data; raises ScenarioError."""
    if not isinstance(told, Mapping):
        raise ScenarioError("a scenario is a mapping with steps, on_ask and answers")
    if isinstance(told.get("steps"), list) and len(told["steps"]) > _STEPS_MOST:
        raise ScenarioError(f"a scenario has at most {_STEPS_MOST} steps")
    plain = dict(told)
    plain["steps"] = [_step(step) for step in told.get("steps") or []]
    if isinstance(told.get("on_ask"), Mapping):
        plain["on_ask"] = _pressed(told["on_ask"])
    try:
        scenario = msgspec.convert(plain, Scenario, strict=True, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"scenario: {error}{_nearest(str(error))}") from error
    steps = tuple(
        msgspec.structs.replace(step, say=_under(folder, step.say), see=_under(folder, step.see))
        for step in scenario.steps
    )
    answers = tuple(str(folder / answer) if answer.endswith(".wav") else answer for answer in scenario.answers)
    return msgspec.structs.replace(scenario, steps=steps, answers=answers)


def _step(step: Any) -> Any:
    return _pressed(step) if isinstance(step, Mapping) else step


def _pressed(told: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(told)
    if isinstance(plain.get("press"), str):
        plain["press"] = clicks_of(plain["press"])
    return plain


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(f"no {kind} here")


def _under(folder: Path, path: Path | None) -> Path | None:
    return None if path is None else folder / path


def _nearest(reason: str) -> str:
    """ ", did you mean …?" for an unknown field."""
    if "unknown field" not in reason:
        return ""
    unknown = reason.split("`")[1]
    known = [name for kind in (Step, Scenario, After, Network, OnAsk) for name in kind.__struct_fields__]
    near = get_close_matches(unknown, known, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
