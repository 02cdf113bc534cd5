#!/bin/sh
# Sets up .venv and the system packages that one purpose needs; says what it does; a second time it is done at once.
#   ./setup.sh run | speech | test | bench | enclosure
set -eu
cd "$(dirname "$0")"
purpose=${1:-run}
venv=.venv

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() { printf '\033[1;31m==> %s\033[0m\n    %s\n' "$1" "$2" >&2; exit 1; }

# libatomic1 is what the Node inside of Playwright needs.
system="fonts-dejavu-core libatomic1"
case $purpose in
    run)    extras=cloud,simulated;                   what="about 620 MB of Python packages and 290 MB for a browser"; minutes="1 to 4" ;;
    speech) extras=cloud,simulated,speech;            what="about 1 GB of Python packages"; minutes="2 to 6" ;;
    test)   extras=cloud,simulated,speech,vision,dev; what="about 1.5 GB of Python packages and 290 MB for a browser"; minutes="2 to 6"
            system="$system dbus python3-dbusmock libopus0 flite portaudio19-dev gcc libc6-dev pulseaudio pulseaudio-utils libasound2-plugins alsa-utils systemd chromium-driver" ;;
    bench)  extras=cloud,simulated,speech,vision,dev; what="about 1.5 GB of Python packages, a browser, and 200 MB of voices and recordings"; minutes="3 to 8"
            system="$system libopus0 flite festival festvox-us-slt-hts pocketsphinx-testdata chromium-driver"
            system="$system portaudio19-dev gcc libc6-dev pulseaudio pulseaudio-utils libasound2-plugins" ;;
    enclosure) extras=enclosure;                      what="OpenSCAD, and about 60 MB of Python packages"; minutes="1 to 3"
            system="$system openscad" ;;
    *) stop "Unknown purpose: $purpose" "Use one of: run, speech, test, bench, enclosure." ;;
esac

# What was installed for a purpose is remembered with a fingerprint of what decides it.
players=tests/players
stamp="$venv/.set-up-for-$purpose"
fingerprint=$(cat setup.sh pyproject.toml constraints.txt $players/package*.json $players/workflow-use.txt | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$fingerprint" ] && exit 0

say "Setting up Leveret ($purpose): $what, $minutes minutes on a usual line. Only the first time."

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else stop "Root is needed for: $*" "Run that line as root yourself, then start again."
    fi
}

# apt_install PACKAGE...: installs those that are missing, and only then asks apt for anything.
apt_install() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || stop "These system packages are missing:$missing" "This is no Debian system; install them with its own package manager."
    say "System packages:$missing"
    [ -n "${apt_fresh:-}" ] || as_root apt-get update -qq || say "apt-get update failed; trying with the lists that are there."
    apt_fresh=yes
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

python=""
for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
        python=$candidate; break
    fi
done
if [ -z "$python" ]; then
    apt_install python3 python3-venv
    python=python3
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
        stop "Python 3.11 to 3.13 is needed, and $("$python" --version) is what this system has." "Install one of them and name it: PYTHON=python3.12 make $purpose"
fi

if [ ! -x "$venv/bin/python" ]; then
    say "A virtual environment in $venv with $("$python" --version)"
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        rm -rf "$venv"; apt_install python3-venv
        "$python" -m venv "$venv" || stop "No virtual environment could be made." "Does '$python -m venv $venv' say why?"
    fi
fi
if [ ! -x "$venv/bin/uv" ]; then
    "$venv/bin/python" -m pip install -q --disable-pip-version-check -c constraints.txt uv || say "uv could not be had; pip takes its place (slower)."
fi

# PyAudio is built here, with the headers of this Python; one that was not installed by apt brings its own.
if [ "$purpose" = test ] && ! "$venv/bin/python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'; then
    system="$system python3-dev"
fi
(apt_install libopus0) || say "libopus0 could not be installed: sound will travel as PCM, ten times as large."
apt_install $system || stop "A system package could not be installed." "Is the network up? 'apt-get update' tells more; then start again."

say "Python packages: $extras"
if [ -x "$venv/bin/uv" ]; then
    VIRTUAL_ENV=$venv "$venv/bin/uv" pip install -c constraints.txt -e ".[$extras]" ||
        stop "The Python packages could not be installed." "The lines above say which one. What is already there is kept: start again when the network is up."
else
    "$venv/bin/python" -m pip install --disable-pip-version-check -c constraints.txt -e ".[$extras]" ||
        stop "The Python packages could not be installed." "The lines above say which one. What is already there is kept: start again when the network is up."
fi

# The browser: one that is there, else the system's (it comes with security updates), else Playwright's own.
find_browser() {
    "$venv/bin/python" - <<'PY'
import os
from playwright.sync_api import sync_playwright
from browser.launch import account, find_chromium
with sync_playwright() as playwright:
    print(find_chromium(os.environ.get("LEVERET_CHROMIUM", ""), playwright.chromium.executable_path, account()))
PY
}
if [ "$purpose" != enclosure ] && ! find_browser >/dev/null 2>&1; then
    say "A browser (Chromium, headless)"
    apt_install chromium-headless-shell 2>/dev/null || apt_install chromium 2>/dev/null ||
        "$venv/bin/python" -m playwright install --with-deps chromium-headless-shell ||
        stop "No browser could be installed." "Install Chromium yourself (package chromium), then start again."
    find_browser || stop "The browser is installed but was not found." "Name it: LEVERET_CHROMIUM=/path/to/chromium make run"
fi

# The players of other tools' files; none of their scripts is run, so that nothing downloads a browser of its own.
if [ "$purpose" = test ] || [ "$purpose" = bench ]; then
    say "Players of other tools' files: npm packages in $players"
    (cd "$players" && PATH="$PWD/../../$venv/bin:$PATH" PUPPETEER_SKIP_DOWNLOAD=1 \
        npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund --silent) ||
        stop "The players could not be installed." "Is the network up? 'cd $players && npm ci --legacy-peer-deps --ignore-scripts' tells more; then start again."
fi
if [ "$purpose" = test ]; then  # workflow-use, whose pins clash with ours, in an environment of its own
    [ -x "$players/.venv/bin/python" ] || "$venv/bin/python" -m venv --without-pip "$players/.venv"
    if [ -x "$venv/bin/uv" ]; then "$venv/bin/uv" pip install -q --python "$players/.venv/bin/python" -r "$players/workflow-use.txt"
    else "$venv/bin/python" -m pip --python "$players/.venv/bin/python" install -q -r "$players/workflow-use.txt"; fi ||
        stop "The player workflow-use could not be installed." "Is the network up? Then start again."
fi

printf '%s' "$fingerprint" > "$stamp"
say "Ready."
