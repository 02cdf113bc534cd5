#!/bin/sh
# Makes a handheld of a Raspberry Pi OS: `sudo hardware/image/install.sh whisplay`; `remove` undoes it.
# Says what it changes; a second time it changes nothing. What else stands behind the build goes to the installer:
# --no-start (an image that is being made), --dry-run, --again (a newer copy as the next release).
set -eu
cd "$(dirname "$0")/../.."

build=${1:-}
[ $# -eq 0 ] || shift
settings=/etc/leveret/device.toml
modules=/etc/modules-load.d/leveret-device.conf
begin="# leveret: begin"
end="# leveret: end"

say() { printf '==> %s\n' "$*"; }
stop() { printf 'leveret: %s\n' "$*" >&2; exit 2; }

case $build in
whisplay | discrete | remove) ;;
*) stop "say what it is made of: whisplay or discrete (docs/builds.md); or remove." ;;
esac
config=/boot/firmware/config.txt
[ -e "$config" ] || config=/boot/config.txt
dry=
for flag in "$@"; do [ "$flag" != --dry-run ] || dry=yes; done
[ -n "$dry" ] || [ "$(id -u)" -eq 0 ] || stop "this changes the system: put sudo before the command."

# The rest of config.txt, and the block that is given on the standard input after it, if any. Renamed over the old
# file, so that a power cut leaves one of the two.
write_block() {
    sed "/^$begin\$/,/^$end\$/d" "$config" >"$config.new"
    cat >>"$config.new"
    if cmp -s "$config" "$config.new"; then
        rm "$config.new"
        return
    fi
    say "$config: the lines for $build"
    sync "$config.new"
    mv "$config.new" "$config"
    sync "$(dirname "$config")"
    changed=yes
}

changed=
if [ "$build" = remove ]; then
    [ -z "$dry" ] || stop "remove takes no --dry-run; \`make uninstall WHAT=device ARGS=--dry-run\` says what would go."
    [ ! -e "$config" ] || write_block </dev/null
    rm -f "$modules"
    exec python3 -m installer uninstall device "$@"
fi
[ -e "$config" ] || stop "there is no config.txt in /boot/firmware or /boot: this is no Raspberry Pi OS."

if [ -n "$dry" ]; then
    python3 -m installer install device "$@"
    say "would put the lines for $build into $config, and build = \"$build\" into $settings"
    exit 0
fi
command -v python3 >/dev/null || { apt-get update -qq && apt-get install -y -qq python3; }
# rpi-lgpio takes its place on every Pi, and the two cannot be together.
if dpkg -s python3-rpi.gpio >/dev/null 2>&1; then
    say "removing python3-rpi.gpio: rpi-lgpio takes its place"
    apt-get remove -y -qq python3-rpi.gpio
fi
if [ "$build" = discrete ] && ! dpkg -s python3-picamera2 >/dev/null 2>&1; then
    say "system package: python3-picamera2"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends python3-picamera2
fi
# The unit is begun at the end, when its settings name its parts.
python3 -m installer install device "$@" --no-start

if ! grep -q '^build *=' "$settings"; then
    say "$settings: build = \"$build\""
    sed -i "s/^# build = .*/build = \"$build\"/" "$settings"
    grep -q '^build *=' "$settings" || printf 'build = "%s"\n' "$build" >>"$settings"
fi
if [ ! -e "$modules" ]; then
    say "$modules: i2c-dev"
    mkdir -p "$(dirname "$modules")"
    echo i2c-dev >"$modules"
fi
lines=$(/opt/leveret/device/current/bin/leveret-device boot --config "$settings")
printf '%s\n[all]\n%s\n%s\n' "$begin" "$lines" "$end" | write_block
if command -v rfkill >/dev/null && rfkill --noheadings --output TYPE,SOFT 2>/dev/null | grep -q '^wlan *blocked'; then
    say "Wi-Fi is off until its country is set, so no setup page can be opened: sudo raspi-config nonint do_wifi_country DE"
fi
[ -z "$changed" ] || say "Reboot, and it begins: sudo reboot"
