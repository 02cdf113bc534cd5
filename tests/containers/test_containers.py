"""Containerfile, compose file and filter: linted by others' linters, and held to what docs/containers.md promises."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

from containers import seccomp
from installer.programs import CLOUD

ROOT = Path(__file__).parents[2]
CONTAINERFILE = (ROOT / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())


def lint(tool: str, *words: str) -> None:
    command = [str(Path(sys.executable).with_name(tool)), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_nothing_in_the_containerfile() -> None:
    lint("hadolint", "--failure-threshold", "style", "Containerfile")


def test_compose_lint_finds_nothing_grave_in_the_compose_file() -> None:
    lint("compose-lint", "check", "--fail-on", "high", "compose.yaml")


def test_the_image_is_an_ordinary_user_s_with_an_init_a_volume_and_a_look_at_its_health() -> None:
    last = CONTAINERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER 10350:10350$", last, re.MULTILINE)
    assert 'ENTRYPOINT ["tini", "--", "leveret"]' in last
    assert 'CMD ["leveret", "health"]' in last and "HEALTHCHECK" in last
    assert 'VOLUME ["/var/lib/leveret"]' in last and "LEVERET_DATA_DIR=/var/lib/leveret" in last
    assert "no-sandbox" not in CONTAINERFILE


def test_the_image_has_the_system_packages_that_the_installer_knows() -> None:
    first = {names[0] for names in CLOUD.packages} - {"python3-venv"}
    assert first <= set(re.findall(r"[a-z0-9.-]+", CONTAINERFILE.split("\nFROM ")[-1]))


def test_what_is_built_from_is_what_the_installer_copies() -> None:
    taken = set(re.findall(r"^!(.+)$", (ROOT / ".containerignore").read_text(), re.MULTILINE))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert taken <= {line.split("/")[0] for line in listed.splitlines()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = {room.rstrip("*") for room in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert taken == rooms | {"systemd", "pyproject.toml", "constraints.txt", "README.md", "LICENSE"}


def test_no_service_can_write_become_more_or_take_all() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert {"mem_limit", "pids_limit", "cpus", "restart"} <= service.keys(), name
        assert not service.get("privileged") and "seccomp:unconfined" not in service["security_opt"], name
    cloud = COMPOSE["services"]["cloud"]
    assert cloud["volumes"] == ["leveret:/var/lib/leveret"] and "leveret" in COMPOSE["volumes"]
    assert "ports" not in cloud and "cap_add" not in cloud
    assert "seccomp:containers/seccomp.json" in cloud["security_opt"]


def test_the_filter_is_the_unit_s() -> None:
    told = json.loads(seccomp.PROFILE.read_text())
    free = set(told["syscalls"][0]["names"])
    assert told["defaultAction"] == "SCMP_ACT_ERRNO"
    assert {"chroot", "capset", "seccomp", "execve", "futex"} <= free
    assert not {"mount", "ptrace", "setns", "bpf", "init_module", "reboot", "clone3", "unshare"} & free
    version = subprocess.run(["systemctl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    if version == "252":
        assert seccomp.text() == seccomp.PROFILE.read_text(), "python -m containers.seccomp writes it anew"


def test_a_later_line_of_the_unit_changes_what_earlier_ones_allow() -> None:
    unit = "[Service]\nSystemCallFilter=@io-event\nSystemCallFilter=~epoll_ctl\nSystemCallFilter=chroot\n"
    found = seccomp.allowed(unit)
    assert {"chroot", "epoll_wait", "execve"} <= found and "epoll_ctl" not in found
