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
HERE = Path(__file__).parent
PLACE = "/srv/leveret"
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
# Filtered by a BPF program, which systemd does not load in every container.
BY_BPF = "reach the metadata address"
# What must hold a page's process.
WHOLE = "user pid net filter"
OTHER = {"device": "cloud", "cloud": "device"}


def main() -> None:
    root = clean_root("units")
    copy_repository(root, PLACE)
    # It comes with the device, and would look after the network of the machine that this is rehearsed on.
    for unit in ("NetworkManager.service", "NetworkManager-wait-online.service"):
        (root / "etc/systemd/system" / unit).symlink_to("/dev/null")
    with booted(root) as machine:
        say("installing both programs")
        machine.run(
            f"apt-get update -qq && apt-get install -y -qq make python3-venv iproute2 >/dev/null && cd {PLACE} && "
            "make install WHAT=cloud ARGS=--no-start && make install WHAT=device ARGS=--no-start"
        )
        machine.run("systemctl disable leveret-cloud leveret-device")
    lay_rehearsal(root)
    with booted(root, network=False) as machine:
        prepare(machine)
        refused = {program: locked_up(machine, program) for program in OTHER}
        sandboxed = caged(machine)
        machine.run("systemctl start leveret-cloud leveret-device")
        back = {name: frozen(machine, *what) for name, what in freezes().items()}
        brought = updated(machine)
    worst = max(seconds for times in back.values() for seconds in times)
    for name, times in back.items():
        say(f"{name}: {len(times)} back, median {statistics.median(times):.1f} s, worst {max(times):.1f} s")
    assert worst < MOST_S, f"one took {worst:.1f} s"
    print(
        f"units-test: {sum(map(len, back.values()))} freezes and kills, all back within {worst:.1f} s; "
        f"refused inside the device {refused['device']}, inside the cloud {refused['cloud']}; {sandboxed}; {brought}"
    )


def lay_rehearsal(root: Path) -> None:
    """What is ours inside, and is not Leveret's."""
    (root / OURS).mkdir()
    for source in (REPOSITORY / "tests/systemd/a_device.py", HERE / "probe.py", HERE / "a_page.py"):
        shutil.copy(source, root / OURS)
    units = root / "etc/systemd/system"
    (units / "leveret-device.service.d").mkdir()
    (units / "leveret-device.service.d/simulated.conf").write_text(SIMULATED)
    for program, other in OTHER.items():
        lines = (units / f"leveret-{program}.service").read_text().splitlines()
        kept = [line for line in lines if not line.startswith(NOT_OF_A_PROBE)]
        at = kept.index("[Service]") + 1
        probing = ["Type=oneshot", f"ExecStart=/usr/bin/python3 -IB /{OURS}/probe.py {program} {other}"]
        (units / f"probe-{program}.service").write_text("\n".join([*kept[:at], *probing, *kept[at:]]) + "\n")
    page = ["Environment=PYTHONPATH=/opt/leveret/cloud/current/lib", f"ExecStart=/usr/bin/python3 -B /{OURS}/a_page.py"]
    (units / "probe-page.service").write_text("\n".join([*kept[:at], *page, *kept[at:]]) + "\n")
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
    said = machine.run(f"journalctl -b -u probe-{program} -o cat --no-pager | grep '^{{'")
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
    proven = [name for name in refused if not outside["tries"][name]]
    open_ones = inside["tries"].keys() - refused
    assert open_ones <= {BY_BPF}, sorted(open_ones)
    unproven = f"; not filtered in this container: to {BY_BPF}" if open_ones else ""
    return f"{len(refused)} of {len(inside['tries'])} tries ({len(proven)} of them go through outside{unproven})"


def caged(machine: Booted) -> str:
    """Whether Chromium's sandbox is whole inside of the unit's: a page's process is looked at from outside."""
    machine.run("systemctl start --no-block probe-page")

    def is_open() -> bool:
        return "a page is open" in machine.run("journalctl -b -u probe-page -o cat --no-pager", check=False)

    machine.wait("a page in the cloud's unit", is_open, 60)
    main_pid = machine.show("probe-page", "MainPID")
    cages = [cage for pid in of_unit(machine, "probe-page") if (cage := cage_of(machine, pid, main_pid))]
    machine.run("systemctl stop probe-page")
    assert cages, "no page had a process of its own"
    wrong = [cage for cage in cages if cage != WHOLE]
    assert not wrong, wrong
    return f"{len(cages)} pages' processes in user, process and network namespaces and a filter of Chromium's own"


def cage_of(machine: Booted, pid: str, main_pid: str) -> str:
    """What holds a page's process, beyond what holds the unit; empty for other processes."""
    line = machine.run(f"tr '\\0' ' ' < /proc/{pid}/cmdline", check=False)
    assert "--no-sandbox" not in line, line
    if "--type=renderer" not in line:
        return ""
    kinds = ("user", "pid", "net")
    held = [kind for kind in kinds if space(machine, pid, kind) != space(machine, main_pid, kind)]
    more = filters(machine, pid) > filters(machine, main_pid)
    return " ".join([*held, *(["filter"] if more else [])])


def space(machine: Booted, pid: str, kind: str) -> str:
    return machine.run(f"readlink /proc/{pid}/ns/{kind}")


def filters(machine: Booted, pid: str) -> int:
    return int(machine.run(f"grep Seccomp_filters /proc/{pid}/status").split()[1])


def of_unit(machine: Booted, unit: str) -> list[str]:
    """The processes of a unit, by the control group that systemd made for it."""
    folder = machine.show(unit, "ControlGroup")
    trees = ("", "/systemd", "/unified")
    listed = " ".join(f"/sys/fs/cgroup{tree}{folder}/cgroup.procs" for tree in trees)
    return sorted(set(machine.run(f"cat {listed} 2>/dev/null; true").split()))


def updated(machine: Booted) -> str:
    """The updater's unit does nothing without an address, and brings a signed release from one."""
    unit = "leveret-device-update"
    machine.run(f"systemctl start {unit}")
    assert machine.show(unit, "Result") == "exec-condition", "an updater without an address did something"
    say("making and signing a newer release of the device")
    home, maker = "/opt/leveret/device", "PYTHONPATH=/opt/leveret/device/current/lib python3 -B -m release"
    machine.run(f"mkdir /srv/tree /srv/web && cp -r {home}/current/bin {home}/current/lib /srv/tree")
    key = machine.run(f"{maker} key /srv/key")
    machine.run(f"{maker} make /srv/tree /srv/web/next.leveret --key /srv/key --program device --version 9 --counter 9")
    machine.run(f"{maker} index /srv/web && chmod -R a+rX /srv/web")
    machine.run("systemd-run -q --unit web python3 -m http.server --directory /srv/web --bind 127.0.0.1 8000")
    settings = f'address = "http://127.0.0.1:8000/"\nprimary = "{key.splitlines()[-1]}"\n'
    machine.run(f"printf '{settings}' > /etc/leveret/device.update.toml && systemctl start {unit}")
    assert machine.show(unit, "Result") == "success"
    assert machine.run(f"stat -c %U {home}/releases/9-9") == "leveret-update"
    return f"a signed release was brought by {unit} ({machine.run(f'cat {home}/incoming/ready.json')})"


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

    def is_up() -> bool:
        # A process 0 would be everybody in the shell's group.
        return machine.show(unit, "ActiveState") == "active" and machine.show(unit, "MainPID") != "0"

    for _ in range(ROUNDS):
        machine.run(f"systemctl reset-failed {unit}")
        machine.wait(f"{unit} before SIG{signal}", is_up, 3 * MOST_S)
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
