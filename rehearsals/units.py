"""`make units-test`: both units under a real systemd: frozen, killed, and what is refused inside of each (S3, S4).

The cloud is whole; the device's own parts are simulated, all other lines of its unit are those of `systemd/`.
ROUNDS=50 freezes each so often (20 to 40 s a time); 2 are usual.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rehearsals.booted import Booted, booted
from rehearsals.debian import REPOSITORY, clean_root, copy_repository, say

ROUNDS = int(os.environ.get("ROUNDS", "2"))
MOST_S = 40
PLACE = "/root/leveret"
OURS = "opt/rehearsal"
SIMULATED = f"""\
[Service]
Environment=PYTHONPATH=/opt/leveret/device/current/lib
ExecStart=
ExecStart=/usr/bin/python3 -B -X faulthandler /{OURS}/a_device.py
"""
# Of the unit itself, for a program that ends by itself.
NOT_OF_A_PROBE = ("Type=", "NotifyAccess=", "ExecStart=", "Watchdog", "Restart", "TimeoutAbort", "SuccessExit")
# As systemd refuses: by permission, by hiding, by a read-only disk, by address family.
REFUSALS = {
    "Operation not permitted",
    "Permission denied",
    "No such file or directory",
    "Read-only file system",
    "Address family not supported by protocol",
}
OTHER = {"device": "cloud", "cloud": "device"}


def main() -> None:
    root = clean_root("units")
    copy_repository(root, PLACE)
    with booted(root) as machine:
        say("installing both programs")
        machine.run(
            f"apt-get update -qq && apt-get install -y -qq make python3-venv >/dev/null && cd {PLACE} && "
            "make install WHAT=cloud ARGS=--no-start && make install WHAT=device ARGS=--no-start"
        )
        machine.run("systemctl disable leveret-cloud leveret-device")
    lay_rehearsal(root)
    with booted(root, network=False) as machine:
        prepare(machine)
        refused = {program: locked_up(machine, program) for program in OTHER}
        sandboxed = start_cloud(machine)
        machine.run("systemctl start leveret-device")
        back = {name: frozen(machine, *what) for name, what in freezes().items()}
    worst = max(seconds for times in back.values() for seconds in times)
    for name, times in back.items():
        say(f"{name}: {len(times)} back, median {statistics.median(times):.1f} s, worst {max(times):.1f} s")
    assert worst < MOST_S, f"one took {worst:.1f} s"
    print(
        f"units-test: {sum(map(len, back.values()))} freezes and kills, all back within {worst:.1f} s; "
        f"refused inside the device {refused['device']}, inside the cloud {refused['cloud']}; {sandboxed}"
    )


def lay_rehearsal(root: Path) -> None:
    """What is ours inside, and is not Leveret's."""
    (root / OURS).mkdir()
    for source in (REPOSITORY / "tests/systemd/a_device.py", Path(__file__).parent / "probe.py"):
        shutil.copy(source, root / OURS)
    units = root / "etc/systemd/system"
    (units / "leveret-device.service.d").mkdir()
    (units / "leveret-device.service.d/simulated.conf").write_text(SIMULATED)
    for program, other in OTHER.items():
        lines = (units / f"leveret-{program}.service").read_text().splitlines()
        kept = [line for line in lines if not line.startswith(NOT_OF_A_PROBE)]
        at = kept.index("[Service]") + 1
        kept[at:at] = ["Type=oneshot", f"ExecStart=/usr/bin/python3 -IB /{OURS}/probe.py {program} {other}"]
        (units / f"probe-{program}.service").write_text("\n".join(kept) + "\n")
    (root / "home/somebody").mkdir(exist_ok=True)
    (root / "home/somebody/secret").write_text("x")
    (root / "home/somebody/secret").chmod(0o644)


def prepare(machine: Booted) -> None:
    """A machine that keeps its keys at the metadata address, and somebody at another: both answer."""
    for program in OTHER:
        machine.run(f"install -d -m 700 -o leveret-{program} -g leveret-{program} /var/lib/leveret-{program}")
    listen = (
        "import socket, threading\n"
        "for address in (('169.254.169.254', 80), ('127.0.0.1', 8989)):\n"
        "    made = socket.create_server(address)\n"
        "    threading.Thread(target=lambda one=made: [one.accept() for _ in iter(int, 1)]).start()\n"
    )
    machine.run("ip link set lo up; ip address add 169.254.169.254/32 dev lo")
    machine.run(f'systemd-run -q --unit listening python3 -c "{listen}"')
    machine.wait(
        "listening",
        lambda: "8989" in machine.run("cat /proc/net/tcp | grep -c 0100007F:231D && echo 8989", check=False),
        20,
    )


def probe(machine: Booted, program: str) -> dict[str, dict[str, str]]:
    machine.run(f"systemctl start probe-{program}")
    said = machine.run(f"journalctl -u probe-{program} -o cat --no-pager | grep '^{{'")
    told: dict[str, dict[str, str]] = json.loads(said.splitlines()[-1])
    return told


def locked_up(machine: Booted, program: str) -> str:
    """How many tries were refused inside the unit, and how many of these the container itself lets root do."""
    outside = json.loads(machine.run(f"cd /tmp && python3 -IB /{OURS}/probe.py {program} {OTHER[program]}"))
    inside = probe(machine, program)
    for name, why in inside["tries"].items():
        say(f"{program}: {name}: {why or 'WORKED'}; outside, as root: {outside['tries'][name] or 'works'}")
    say(f"{program}: {inside['more']}, uid {inside['uid']}, capabilities {inside['capabilities']}")
    assert not any(inside["controls"].values()), inside["controls"]
    if program == "device":
        assert all(inside["more"].values()), inside["more"]
    refused = [name for name, why in inside["tries"].items() if why in REFUSALS]
    proven = [name for name in refused if outside["tries"][name] not in REFUSALS]
    assert len(refused) == len(inside["tries"]), sorted(inside["tries"].keys() - refused)
    return f"{len(refused)} tries of {len(inside['tries'])} ({len(proven)} of them go through outside)"


def start_cloud(machine: Booted) -> str:
    """The cloud, and whether Chromium's sandbox is whole inside of the unit's."""
    machine.run("systemctl start leveret-cloud")
    listed = machine.run(
        "cat /sys/fs/cgroup/systemd/system.slice/leveret-cloud.service/cgroup.procs "
        "/sys/fs/cgroup/unified/system.slice/leveret-cloud.service/cgroup.procs "
        "/sys/fs/cgroup/system.slice/leveret-cloud.service/cgroup.procs 2>/dev/null; true"
    )
    main_pid = machine.show("leveret-cloud", "MainPID")
    apart = 0
    for pid in sorted(set(listed.split())):
        line = machine.run(f"tr '\\0' ' ' < /proc/{pid}/cmdline", check=False)
        assert "--no-sandbox" not in line
        if "--type=zygote" in line and "--no-zygote-sandbox" not in line:
            spaces = [
                machine.run(f"readlink /proc/{pid}/ns/{kind} /proc/{main_pid}/ns/{kind}").split()
                for kind in ("user", "pid", "net")
            ]
            assert all(mine != the_cloud_s for mine, the_cloud_s in spaces), spaces
            apart += 1
    assert apart, "there is no sandboxed Chromium"
    return f"Chromium's {apart} zygotes are in user, process and network namespaces of their own"


def freezes() -> dict[str, tuple[str, str, Callable[[Booted, str], str]]]:
    """What is done to whom: the unit, the signal, and whose PID gets it."""
    return {
        "device stopped": ("leveret-device", "STOP", main_of),
        "device in a busy loop": ("leveret-device", "USR1", main_of),
        "device killed": ("leveret-device", "KILL", main_of),
        "cloud stopped": ("leveret-cloud", "STOP", child_of),
        "cloud killed": ("leveret-cloud", "KILL", child_of),
    }


def main_of(machine: Booted, unit: str) -> str:
    return machine.show(unit, "MainPID")


def child_of(machine: Booted, unit: str) -> str:
    """The program itself: the child of `boot`."""
    pid = machine.show(unit, "MainPID")
    return machine.run(f"cat /proc/{pid}/task/{pid}/children").split()[0]


def frozen(machine: Booted, unit: str, signal: str, whom: Callable[[Booted, str], str]) -> list[float]:
    """Seconds until the unit is up again, for each round; nothing that it ran before is left."""
    times = []
    for _ in range(ROUNDS):
        machine.run(f"systemctl reset-failed {unit}")
        before, pid = machine.show(unit, "MainPID"), whom(machine, unit)
        began = time.monotonic()
        machine.run(f"kill -{signal} {pid}")

        def back(before: str = before) -> bool:
            return machine.show(unit, "ActiveState") == "active" and machine.show(unit, "MainPID") != before

        machine.wait(f"{unit} after SIG{signal}", back, 3 * MOST_S)
        times.append(time.monotonic() - began)
        assert machine.run(f"test -d /proc/{pid} && echo there", check=False) != "there"
    say(f"{unit}, SIG{signal}: back in {', '.join(f'{seconds:.1f}' for seconds in times)} s")
    return times


if __name__ == "__main__":
    main()
