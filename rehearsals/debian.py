"""A clean Debian in a folder, by debootstrap; made once, and copied for each rehearsal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
KEPT = REPOSITORY / ".rehearsals"
SUITE = "bookworm"
# What the Debian installer leaves on a machine without any desktop, as far as it matters here.
INCLUDED = ("systemd", "systemd-sysv", "dbus", "sudo", "ca-certificates")
# debootstrap leaves this to the Debian installer.
HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
# Authorities that this machine trusts besides the usual ones, as behind a company's proxy.
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


def say(words: str) -> None:
    print(f"==> {words}", flush=True)


def stop(words: str) -> None:
    """Ends with a sentence."""
    sys.exit(f"rehearsal: {words}")


def need(*packages: str) -> None:
    """System packages that only rehearsals need."""
    if os.geteuid() != 0:
        stop("a system is made and booted here, which takes root: put sudo before the command.")
    missing = [name for name in packages if subprocess.run(["dpkg", "-s", name], capture_output=True).returncode]
    if missing:
        say(f"system packages: {' '.join(missing)}")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
        subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)


def clean_root(name: str, architecture: str = "") -> Path:
    """A fresh root of its own; the old one of that name goes. `architecture`: another one than this machine's."""
    kind = f"{SUITE}-{architecture}" if architecture else SUITE
    base, root = KEPT / kind, KEPT / name
    if not (base / "etc/debian_version").exists():
        need("debootstrap")
        say(f"a clean Debian {kind} by debootstrap")
        shutil.rmtree(base, ignore_errors=True)
        KEPT.mkdir(exist_ok=True)
        making = KEPT / f"{kind}.making"
        shutil.rmtree(making, ignore_errors=True)
        command = ["debootstrap", "--variant=minbase", f"--include={','.join(INCLUDED)}", SUITE, str(making)]
        command[1:1] = [f"--arch={architecture}"] if architecture else []
        with (KEPT / "debootstrap.log").open("w") as log:
            if subprocess.run(command, stdout=log, stderr=log).returncode:
                stop(f"debootstrap failed; {KEPT / 'debootstrap.log'} says why.")
        making.rename(base)
    if root.exists():
        shutil.rmtree(root)
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(root)], check=True)
    (root / "etc/hosts").write_text(HOSTS)
    shutil.copy(AUTHORITIES, root / AUTHORITIES.relative_to("/"))
    return root


def copy_repository(root: Path, place: str) -> None:
    """What is committed here, and nothing else."""
    target = root / place.lstrip("/")
    target.mkdir(parents=True)
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=REPOSITORY, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)
