"""`leveret-device`: the program on the handheld, and a whole simulated handheld on the desk."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from device.builds import SIMULATED
from device.clock import steady_ms
from device.config import Config, Key, check_address, device_of, read_config, read_key
from device.cupboard import Cupboard
from device.errors import ConfigError, DeviceError
from device.handheld import Handheld, Setup
from device.identity import cloud_of, identity_of, tickets_of
from device.inputs import PartFailed
from device.journal import Entry, Journal
from device.parts.interfaces import Parts
from device.provisioning.state import Purpose
from device.rekeying import Rekeying
from device.scenario import After, OnAsk, Scenario, Step, clicks_of, read_scenario
from device.settings import Settings, SettingsFile
from device.signing import SigningKey
from device.state import Device
from device.unaided import Means
from release.child import EXIT_SWITCH, Parent

if TYPE_CHECKING:
    from device.real import Missing

__all__ = ["main", "run_device"]

_BYE_S: Final = 1.0
_REPORTED: Final = frozenset(
    {
        "part_failed",
        "joined",
        "link_ended",
        "turn_lost",
        "mute",
        "switch_off",
        "update_waits",
        "update_taken",
        "keys_changed",
    }
)


async def run_device(
    config: Config,
    key: Key,
    parts: Parts,
    *,
    boot: str,
    missing: Sequence[Missing] = (),
    switch_off: Callable[[], Awaitable[None]] | None = None,
    parent: Parent | None = None,
    on_setup: Callable[[Purpose], None] | None = None,
) -> int:
    """Be a device on these parts until cancelled; the exit code. `boot`: 32 random hex digits, fresh at every start.

    `missing`: the parts that it does without, which it says. `parent`: what tries releases of it, where it has any.
    `on_setup`: told for what the device is to be set up anew, right before it ends for that.
    """
    stop = asyncio.Event()

    def leave(purpose: str) -> None:
        if on_setup is not None:
            on_setup(Purpose(purpose))
        stop.set()

    set_up = leave if on_setup is not None else None
    handheld = Handheld(setup_of(config, key, boot), parts, switch_off=switch_off, set_up=set_up)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(handheld.run())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        reporting = tasks.create_task(_report(handheld.journal))
        running.add_done_callback(lambda _: reporting.cancel())
        ending = tasks.create_task(_end(handheld, running, stop))
        await handheld.started.wait()
        rekeying = tasks.create_task(_rekey(handheld, config, key))
        ending.add_done_callback(lambda _: rekeying.cancel())
        updating = tasks.create_task(_update(handheld, parent, missing, stop))
        ending.add_done_callback(lambda _: updating.cancel())
        for one in missing:
            handheld.journal.note("part_failed", part=one.part, sentence=one.sentence)
        if missing:
            names = ", ".join(one.part for one in missing)
            handheld.feed(PartFailed(missing[0].part, f"I go on without: {names}."))
    replaced = not updating.cancelled() and updating.result()
    return EXIT_SWITCH if replaced else 0


def setup_of(config: Config, key: Key, boot: str) -> Setup:
    """What a handheld with these settings and this key needs to know."""
    address = cloud_of(config, key)
    return Setup(
        address=address,
        identity=identity_of(key, boot),
        certificate=key.certificate,
        ticket=tickets_of(config, key),
        settings=Settings(volume=config.volume, camera=config.camera),
        kept=SettingsFile(config.settings_file),
        codec=config.codec,
        means=Means(cupboard=Cupboard(config.kept_dir), speaks=True, hears=config.understand == "auto"),
        echo_ms=config.echo_ms,
        about=Device(version=version("leveret"), build=config.build, cloud=urlsplit(address).hostname or ""),
    )


async def _rekey(handheld: Handheld, config: Config, key: Key) -> None:
    """Old keys are changed once the device is let in."""
    link = handheld.link

    def changed(new: Key) -> None:
        sign = SigningKey(new.seed).sign
        link.identity = msgspec.structs.replace(link.identity, key=new.key, sign=sign)

    rekeying = Rekeying(key, config.key_file, changed=changed, note=handheld.journal.note)
    await handheld.journal.wait("joined")
    await rekeying.look()


async def _update(handheld: Handheld, parent: Parent | None, missing: Sequence[Missing], stop: asyncio.Event) -> bool:
    """True when the device agrees to be replaced by a release that is ready."""
    if parent is None:
        return False
    from device.update.watching import Watching

    names = [one.part for one in missing]
    await Watching(parent, handheld, handheld.journal.note, steady_ms, missing=names).run()
    stop.set()
    return True


async def _end(handheld: Handheld, running: asyncio.Task[None], stop: asyncio.Event) -> None:
    """systemd ends the device: the cloud is told, then everything is closed."""
    await stop.wait()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_BYE_S):
            await handheld.uplink.bye("the device is switched off")
    running.cancel()


async def _report(journal: Journal) -> None:
    """What whoever looks after the device must know goes to stderr, and nothing of what was said or answered."""
    position, link = 0, ""
    while True:
        for entry in journal.since(position):
            line = f"leveret-device: {entry.event}  {_words(entry)}"
            if entry.event in _REPORTED or (entry.event == "socket" and line != link):
                print(line, file=sys.stderr, flush=True)
            if entry.event == "socket":
                link = line
        position = journal.position
        await journal.changed()


def run_real(config: Config) -> int:
    """Open the parts of the build and be that device, or set it up first.

    0 when it was told to end, 76 to make room for a release. Raises ConfigError, PartErrors.
    """
    from device.provisioning.setting_up import set_up
    from device.real import open_parts, power_off
    from device.thrift import be_thrifty

    be_thrifty()
    key = known_key(config)
    wanted = [Purpose.FIRST] if key is None else []
    while True:
        real = open_parts(device_of(config), watchdog=config.watchdog)
        try:
            if wanted or key is None:
                asyncio.run(set_up(config, real.parts, wanted.pop(), key=key))
                key = known_key(config)
                wanted = [Purpose.FIRST] if key is None else []
                continue
            running = run_device(
                config,
                key,
                real.parts,
                boot=os.urandom(16).hex(),
                missing=real.missing,
                switch_off=power_off,
                parent=Parent.of(os.environ),
                on_setup=wanted.append if config.setup == "auto" else None,
            )
            code = asyncio.run(running)
        finally:
            real.close()
        if not wanted:
            return code


def known_key(config: Config) -> Key | None:
    """Who the device is; None for one that is to be set up first. Raises ConfigError."""
    if config.setup == "auto" and not config.key_file.exists():
        return None
    key = read_key(config.key_file)
    if key.cloud:
        check_address(key.cloud, plain=config.plain)
    if key.certificate and not key.cloud.startswith("wss://"):
        raise ConfigError(f"key file {config.key_file} has a certificate, but its cloud {key.cloud!r} is not encrypted")
    return key


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="leveret-device",
        description="The Leveret handheld. `leveret-device check` tries each of its parts, `leveret-device"
        " update` brings a release, `leveret-device boot` prints its lines for config.txt: see their own --help.",
    )
    made.add_argument("--version", action="version", version=version("leveret"), help="say the version, and end")
    made.add_argument("--config", type=Path, help="settings, a TOML file")
    made.add_argument("--cloud", help="address of the cloud, wss://host/device")
    made.add_argument("--key-file", type=Path, help="what `leveret pair` wrote")
    made.add_argument("--plain", action="store_true", default=None, help="allow ws:// to another machine")
    made.add_argument("--simulated", action="store_true", help="a device made of files, with a person who uses it")
    made.add_argument("--build", help="what the device is made of: whisplay, discrete, simulated")
    person = made.add_argument_group("the simulated person")
    person.add_argument("--say", type=Path, action="append", default=[], help="hold and say this WAV; may be repeated")
    person.add_argument("--see", type=Path, help="a picture that lies before the camera")
    person.add_argument("--text", action="append", default=[], help="type this; may be repeated")
    person.add_argument("--press", default="none", help="at a question: none, single, double, triple (-after-ask)")
    person.add_argument("--answer", action="append", default=[], help="to other questions: a word, or a WAV to say")
    person.add_argument("--scenario", type=Path, help="all of it from a YAML file")
    person.add_argument("--at-once", action="store_true", help="do not wait for the connection before the first press")
    person.add_argument("--fast", action="store_true", help="speak and hear as fast as possible, not in real time")
    person.add_argument("--deadline", type=float, dest="deadline_s", help="seconds until it is given up (180)")
    person.add_argument("--out", type=Path, help="folder for reply.wav, screens/ and journal.jsonl")
    person.add_argument("--json", action="store_true", help="print the result and the journal as one JSON line")
    return made


def scenario_from(flags: argparse.Namespace) -> Scenario:
    """What the flags tell the person to do."""
    if flags.scenario is not None:
        return read_scenario(flags.scenario)
    steps = [Step(say=path, see=flags.see) for path in flags.say]
    steps += [Step(text=text, see=flags.see) for text in flags.text]
    if steps and not flags.at_once:
        steps[0] = msgspec.structs.replace(steps[0], after=After("joined"))
    # A second wish is spoken when the first has been answered.
    steps[1:] = [msgspec.structs.replace(step, after=After("turn_done", 500)) for step in steps[1:]]
    return Scenario(steps=tuple(steps), on_ask=OnAsk(clicks_of(flags.press)), answers=tuple(flags.answer))


def settings_from(flags: argparse.Namespace, environ: Mapping[str, str]) -> Config:
    """The settings; raises ConfigError."""
    path = flags.config or (Path(environ["LEVERET_DEVICE_CONFIG"]) if "LEVERET_DEVICE_CONFIG" in environ else None)
    told = {name: getattr(flags, name) for name in ("cloud", "key_file", "plain", "build", "deadline_s")}
    return read_config(path, environ, told)


def main(argv: Sequence[str] | None = None) -> int:
    """0 done; 2 wrong setting; 3 no cloud; 4 declined; 5 not understood; 6 failed; 7 not done in time."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["check"]:
        from device.check.command import main as check

        return check(words[1:])
    if words[:1] == ["boot"]:
        from device.booting import main as boot

        return boot(words[1:])
    if words[:1] == ["update"]:
        from release.command import main as update

        return update("leveret-device update", "device", words[1:])
    flags = parser().parse_args(words)
    try:
        config = settings_from(flags, os.environ)
        if not flags.simulated and config.build != SIMULATED:
            return run_real(config)
        # A real device does without what simulates one.
        from device.simulation import EXIT_OFFLINE, simulate

        scenario = scenario_from(flags)
        if not scenario.steps:
            raise ConfigError("the person does nothing: give --say, --text or --scenario")
        key = read_key(config.key_file)
        result, journal = asyncio.run(simulate(config, key, scenario, out=flags.out, fast=flags.fast))
    except KeyboardInterrupt:
        return 130
    except DeviceError as error:
        return _wrong(error)
    except BaseExceptionGroup as group:
        # What the tasks of a device raise comes in groups.
        errors, others = group.split(DeviceError)
        if errors is None or others is not None:
            raise
        return _wrong(*leaves(errors))
    entries = journal.since(0)
    if flags.json:
        told = {"result": result, "journal": [_plain(entry) for entry in entries]}
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        for entry in entries:
            print(f"{entry.at_ms / 1000:8.3f}  {entry.event:12} {_words(entry)}")
        print(f"outcome: {result.outcome}")
        if result.exit_code == EXIT_OFFLINE:
            print(f"No cloud answered at {config.cloud}: is it running? `make serve` starts one.", file=sys.stderr)
    return result.exit_code


def leaves(group: BaseExceptionGroup[DeviceError]) -> list[DeviceError]:
    """The errors in a group, without its folds."""
    found: list[DeviceError] = []
    for one in group.exceptions:
        found += leaves(one) if isinstance(one, BaseExceptionGroup) else [one]
    return found


def _wrong(*errors: DeviceError) -> int:
    for error in errors:
        print(f"leveret-device: {error}", file=sys.stderr)
    return 2


def _plain(entry: Entry) -> dict[str, object]:
    return {"at_ms": entry.at_ms, "event": entry.event, **entry.data}


def _words(entry: Entry) -> str:
    return "  ".join(f"{name}={value}" for name, value in entry.data.items() if value not in ("", (), None))


if __name__ == "__main__":
    sys.exit(main())
