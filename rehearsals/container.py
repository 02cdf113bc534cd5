"""`make container-test`: the cloud's image is built, run as docs/containers.md says, looked at, spoken to, and ended.

The image that it is built on is a Debian that debootstrap makes, under the name that Containerfile gives; the network
is this machine's. What compose would do (networks, volumes by name) is not tried, but linted in `make test`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from rehearsals.debian import AUTHORITIES, KEPT, REPOSITORY, clean_root, need, say, stop

BASE, IMAGE, NAME = "localhost/debian:bookworm-slim", "localhost/leveret-cloud", f"leveret-rehearsal-{os.getpid()}"
READY_S = 180
# runc, for crun refuses machines with both kinds of control groups.
PODMAN = ("podman", "--runtime", "runc")


def podman(*words: str, check: bool = True) -> str:
    done = subprocess.run([*PODMAN, *words], cwd=REPOSITORY, capture_output=True, text=True)
    if check and done.returncode:
        stop(f"`podman {' '.join(words[:8])}` ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout.strip()


def main() -> None:
    need("podman", "buildah", "runc", "fuse-overlayfs", "caddy", "openssl", "curl", "conmon")
    podman_version = podman("--version").split()[-1]
    build()
    try:
        sandbox, zombies, said = run_plain()
        tls = run_with_tls()
        caddy = run_behind_caddy()
    finally:
        podman("rm", "-f", "-t", "5", NAME, check=False)
    size = int(podman("image", "inspect", "--format", "{{.Size}}", IMAGE)) >> 20
    print(
        f"container-test: image of {size} MB built and run by podman {podman_version}, read-only, no capabilities: "
        f"healthy; {sandbox}; {zombies} zombies; said {said!r}; TLS directly: {tls}; behind Caddy: {caddy}. "
        "Not tried: Docker, compose's networks, an image from a registry."
    )


def build() -> None:
    root = clean_root("container")
    # Behind a proxy of its own authority pip needs to be told of it; elsewhere this changes nothing.
    (root / "etc/pip.conf").write_text(f"[global]\ncert = {AUTHORITIES}\n")
    say(f"{BASE} from debootstrap")
    packing = subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE)
    subprocess.run([*PODMAN, "import", "-q", "-", BASE], stdin=packing.stdout, check=True, stdout=subprocess.DEVNULL)
    packing.wait()
    shutil.rmtree(root)
    say("building the image")
    began = time.monotonic()
    limits = ("--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096")
    podman("build", "-q", "--network=host", "--format=docker", *limits, "-t", IMAGE, "-f", "Containerfile", ".")
    say(f"built in {time.monotonic() - began:.0f} s")


def start(*more: str, port: int) -> None:
    """As docs/containers.md says, but for the network."""
    podman("rm", "-f", "-t", "5", NAME, check=False)
    podman(
        *("run", "-d", "--name", NAME, "--network=host", "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096"),
        *("--read-only", "--tmpfs", "/tmp:size=1g,mode=1777", "--cap-drop=all", "--shm-size=512m"),
        *("--security-opt=no-new-privileges", f"--security-opt=seccomp={REPOSITORY}/containers/seccomp.json"),
        *("-v", "/var/lib/leveret", "-e", f"LEVERET_PORT={port}", "-e", "LEVERET_NAMES=localhost"),
        *more,
        IMAGE,
    )
    began = time.monotonic()
    while subprocess.run([*PODMAN, "healthcheck", "run", NAME], capture_output=True).returncode:
        if time.monotonic() - began > READY_S or podman("inspect", "--format", "{{.State.Running}}", NAME) != "true":
            stop(f"the container is not healthy:\n{podman('logs', '--tail', '40', NAME, check=False)}")
        time.sleep(0.5)
    say(f"healthy after {time.monotonic() - began:.0f} s")


def run_plain() -> tuple[str, int, str]:
    start(port=free_port())
    said = podman("exec", NAME, "leveret", "say", "what time is it").splitlines()[-1].strip()
    assert not podman("exec", NAME, "sh", "-c", "touch /opt/x /etc/x 2>/dev/null; ls /opt/x /etc/x 2>/dev/null; true")
    sandbox = cages()
    zombies = sum(" Z " in line or ") Z " in line for line in stats())
    podman("stop", "-t", "30", NAME)
    code = podman("inspect", "--format", "{{.State.ExitCode}}", NAME)
    assert code == "0", f"it ended with {code}"
    return sandbox, zombies, said


def processes() -> list[int]:
    """Of the container, as this machine counts."""
    return [int(line) for line in podman("top", NAME, "hpid").splitlines()[1:]]


def stats() -> list[str]:
    return [path.read_text() for pid in processes() if (path := Path(f"/proc/{pid}/stat")).exists()]


def cages() -> str:
    """Chromium's zygotes, from which all pages' processes come, are in namespaces that the cloud is not in."""
    main_pid = int(podman("inspect", "--format", "{{.State.Pid}}", NAME))
    apart = 0
    for pid in processes():
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        assert "--no-sandbox" not in line, line
        if "--type=zygote" in line and "--no-zygote-sandbox" not in line:
            for kind in ("user", "pid", "net"):
                mine, others = (Path(f"/proc/{one}/ns/{kind}").readlink() for one in (pid, main_pid))
                assert mine != others, f"a zygote shares its {kind} namespace with the cloud"
            apart += 1
    assert apart, "there is no sandboxed zygote"
    return f"Chromium's {apart} zygotes in user, process and network namespaces of their own"


def run_with_tls() -> str:
    folder = KEPT / "tls"
    folder.mkdir(exist_ok=True)
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files],
        check=True,
        capture_output=True,
    )
    for path in folder.iterdir():
        os.chown(path, 10350, 10350)
    port = free_port()
    certificate = ("-e", "LEVERET_CERTIFICATE=/tls/certificate.pem", "-e", "LEVERET_CERTIFICATE_KEY=/tls/key.pem")
    start("-v", f"{folder}:/tls:ro", *certificate, port=port)
    return ask(f"https://localhost:{port}", folder / "certificate.pem")


def run_behind_caddy() -> str:
    port, front = free_port(), free_port()
    start(port=port)
    home = KEPT / "caddy"
    environ = dict(os.environ, LEVERET_NAME=f"https://localhost:{front}", LEVERET_CLOUD=f"127.0.0.1:{port}")
    environ |= {"HOME": str(home), "XDG_DATA_HOME": str(home)}
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    # Its own authority is not brought into this machine's trust, and its port 80 is left alone.
    config = (REPOSITORY / "containers/Caddyfile").read_text()
    (home / "Caddyfile").write_text(
        "{\n\tskip_install_trust\n\tauto_https disable_redirects\n\tadmin off\n}\n" + config
    )
    caddy = subprocess.Popen(
        ["caddy", "run", "--config", str(home / "Caddyfile"), "--adapter", "caddyfile"],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=(home / "log").open("w"),
    )
    try:
        root = home / "caddy/pki/authorities/local/root.crt"
        began = time.monotonic()
        while not root.exists():
            if time.monotonic() - began > READY_S:
                stop(f"Caddy made no certificate:\n{(home / 'log').read_text()[-2000:]}")
            time.sleep(0.2)
        return ask(f"https://localhost:{front}", root)
    finally:
        caddy.terminate()
        caddy.wait(20)


def ask(url: str, authority: Path) -> str:
    """The portal's health over verified TLS, and that a device's socket is answered as one."""
    curl = ["curl", "-sS", "--cacert", str(authority), "--http1.1"]
    patient = [*curl, "--max-time", "20", "--retry", "10", "--retry-all-errors", f"{url}/health"]
    told = subprocess.run(patient, capture_output=True, text=True)
    if told.returncode or json.loads(told.stdout) != {"ready": True}:
        stop(f"{url} does not answer: {told.stdout}{told.stderr}")
    upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13"]
    upgrade += ["-H", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "-H", "Sec-WebSocket-Protocol: leveret.v1"]
    # The socket stays open once it is one, so curl is told to let go of it.
    line = [*curl, "--max-time", "3", "-o", "/dev/null", "-w", "%{http_code}", *upgrade, f"{url}/device"]
    code = subprocess.run(line, capture_output=True, text=True).stdout
    assert code == "101", f"a WebSocket was answered with {code}"
    return "healthy, WebSockets pass"


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


if __name__ == "__main__":
    main()
