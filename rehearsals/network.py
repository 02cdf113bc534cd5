"""`make network-test`: the device's part for Wi-Fi against a real NetworkManager, in a network namespace of its own.

A veth pair leads to a network with DHCP and a page that says whether there is an internet: yes, only after a sign-in,
or not at all. Profiles for Wi-Fi and for the hotspot are judged by NetworkManager itself. A radio there is none:
kernels without mac80211_hwsim have no Wi-Fi to simulate, and where there is a card it is the machine's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from device.errors import RadioError
from device.provisioning.bus import BusRefusal
from device.provisioning.network_manager import (
    HOTSPOT_ADDRESS,
    SERVICE,
    NetworkManagerRadio,
    hotspot_profile,
    profile_of,
)
from device.provisioning.radio import Online, Wish

INSIDE = "LEVERET_NETWORK_TEST_INSIDE"
NET, DEVICE, PEER = "there", "dev0", "net0"
ADDRESS = "10.9.0.1"
PACKAGES = ("network-manager", "dnsmasq-base", "dbus", "iproute2")
SETTINGS = "/org/freedesktop/NetworkManager/Settings"
WAIT_S = 60.0
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy></busconfig>
"""
MANAGER = f"""[main]
plugins=keyfile
dhcp=internal
auth-polkit=false
dns=none
[connectivity]
uri=http://{ADDRESS}/check
response=yes
interval=300
"""


def main() -> None:
    if os.geteuid() != 0:
        raise SystemExit("network-test makes a network namespace: run it as root")
    if INSIDE not in os.environ:
        install()
        command = ["unshare", "--mount", "--net", sys.executable, "-m", "rehearsals.network"]
        raise SystemExit(subprocess.run(command, env=os.environ | {INSIDE: "1"}).returncode)
    print(json.dumps(asyncio.run(rehearse())))


def install() -> None:
    """The system packages that this needs, and nothing else does."""
    if not all(shutil.which(name) for name in ("NetworkManager", "dnsmasq", "dbus-daemon", "ip")):
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], check=True)


class Answers:
    """What the page says that NetworkManager asks."""

    def __init__(self) -> None:
        self.mode = "yes"


async def rehearse() -> dict[str, Any]:
    """What came of it; raises AssertionError."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mount(folder)
        answers = Answers()
        stack.enter_context(network(answers))
        address = stack.enter_context(manager(folder))
        radio = NetworkManagerRadio(address)
        await opened(radio)
        stack.callback(radio.close)
        seen = {}
        for mode, due in (("yes", Online.YES), ("sign-in", Online.PORTAL), ("no", Online.LOCAL)):
            answers.mode = mode
            began = time.monotonic()
            await until(radio, due)
            seen[due.value] = round(time.monotonic() - began, 1)
        try:
            await radio.networks()
        except RadioError as error:
            wifi = str(error)
        else:
            raise AssertionError("this namespace has a Wi-Fi card?")
        kept = await profiles(radio)
        version = await radio._bus.get("/org/freedesktop/NetworkManager", SERVICE, "Version")
        return {"network_manager": version, "seconds_to_see": seen, "without_wifi": wifi, "profiles": kept}


async def opened(radio: NetworkManagerRadio) -> None:
    until_s = time.monotonic() + WAIT_S
    while True:
        try:
            return await radio.open()
        except RadioError:
            radio.close()
            if time.monotonic() > until_s:
                raise
            await asyncio.sleep(0.2)


async def until(radio: NetworkManagerRadio, due: Online) -> None:
    """NetworkManager is made to look, until it sees it so."""
    until_s = time.monotonic() + WAIT_S
    while (now := await radio.online()) is not due:
        assert time.monotonic() < until_s, f"{now} instead of {due}"
        await radio._bus.call("/org/freedesktop/NetworkManager", SERVICE, "CheckConnectivity")
        await asyncio.sleep(0.2)


async def profiles(radio: NetworkManagerRadio) -> list[str]:
    """Which profiles NetworkManager takes; none of them is left."""
    bus, settings = radio._bus, f"{SERVICE}.Settings"
    good = {
        "password": profile_of(Wish("Vogelweide", "correct horse", country="DE")),
        "open": profile_of(Wish("Café")),
        "hidden": profile_of(Wish("Verborgen", "correct horse", hidden=True)),
        "hotspot": hotspot_profile("Leveret-4F2A", "bcdfghjk", HOTSPOT_ADDRESS),
    }
    for profile in good.values():
        await bus.call(SETTINGS, settings, "AddConnectionUnsaved", "a{sa{sv}}", profile)
    names = await radio.saved()
    assert names == ("Café", "Verborgen", "Vogelweide"), f"the hotspot is nobody's network: {names}"
    for name in names:
        await radio.forget(name)
    assert await radio.saved() == ()
    try:
        await bus.call(SETTINGS, settings, "AddConnectionUnsaved", "a{sa{sv}}", profile_of(Wish("Short", "1234567")))
    except BusRefusal as error:
        assert error.name.endswith("InvalidProperty") and "psk" in str(error), error
    else:
        raise AssertionError("a password of seven letters was taken")
    return [*good, "too short: refused"]


def mount(folder: Path) -> None:
    """Nothing of the machine's own NetworkManager is seen or touched. Without a writable /sys it asks no udev."""
    for place in ("/run", "/etc/NetworkManager", "/var/lib/NetworkManager"):
        Path(place).mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "none", place)
    run("mount", "-o", "remount,bind,ro", "/sys") if os.path.ismount("/sys") else None
    Path("/etc/NetworkManager/NetworkManager.conf").write_text(MANAGER)
    (folder / "bus.conf").write_text(BUS.format(path=folder / "bus"))


@contextlib.contextmanager
def network(answers: Answers) -> Iterator[None]:
    """The other end: an address, DHCP, and the page."""
    Path("/run/netns").mkdir(exist_ok=True)
    run("ip", "link", "set", "lo", "up")
    run("ip", "netns", "add", NET)
    run("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", PEER, "netns", NET)
    inside = ("ip", "netns", "exec", NET)
    run(*inside, "ip", "address", "add", f"{ADDRESS}/24", "dev", PEER)
    run(*inside, "ip", "link", "set", PEER, "up")
    dhcp = ["dnsmasq", "--keep-in-foreground", "--port=0", f"--interface={PEER}", "--dhcp-range=10.9.0.10,10.9.0.20,1h"]
    leases = ["--conf-file=/dev/null", "--dhcp-leasefile=/run/leases", "--user=root", "--pid-file="]
    with process(*inside, *dhcp, *leases), served(answers):
        yield


@contextlib.contextmanager
def served(answers: Answers) -> Iterator[None]:
    """The page, listening in the other namespace: a thread of its own may be there."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if answers.mode == "sign-in":
                self.send_response(302)
                self.send_header("location", "http://login.hotel.example/")
                self.end_headers()
                return
            if answers.mode == "no":
                self.connection.close()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"yes")

        def log_message(self, *args: Any) -> None: ...

    made: list[http.server.ThreadingHTTPServer] = []
    ready = threading.Event()

    def serve() -> None:
        enter(Path("/run/netns") / NET)
        made.append(http.server.ThreadingHTTPServer((ADDRESS, 80), Handler))
        ready.set()
        made[0].serve_forever()

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(WAIT_S)
    try:
        yield
    finally:
        made[0].shutdown()
        made[0].server_close()
        thread.join()


def enter(namespace: Path) -> None:
    """This thread is in that network from now on."""
    import ctypes

    handle = os.open(namespace, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(handle, 0x40000000):
            raise OSError(ctypes.get_errno(), f"{namespace} cannot be entered")
    finally:
        os.close(handle)


@contextlib.contextmanager
def manager(folder: Path) -> Iterator[str]:
    """A bus with NetworkManager on it; its address."""
    address = f"unix:path={folder / 'bus'}"
    environ = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": address}
    with process("dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile", "--nosyslog"):
        wait(lambda: (folder / "bus").exists())
        with (folder / "log").open("w") as log:
            with process("NetworkManager", "--no-daemon", "--log-level=INFO", environ=environ, log=log):
                try:
                    yield address
                except BaseException:
                    sys.stderr.write((folder / "log").read_text()[-4000:])
                    raise


@contextlib.contextmanager
def process(*command: str, environ: Any = None, log: Any = None) -> Iterator[None]:
    with subprocess.Popen(command, env=environ, stdout=log, stderr=log) as running:
        try:
            yield
        finally:
            running.terminate()


def wait(true: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < until_s
        time.sleep(0.05)


def run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
