"""What the observations of network, clock, disk and cloud mean. Pure."""

from __future__ import annotations

from typing import Final

from device.check.findings import Finding, bad, doubtful, good
from device.check.seen import ClockSeen, CloudSeen, DiskSeen, NetworkSeen

_WEAK_DBM: Final = -75
_FIRST_YEAR: Final = 2025
_FREE_MB: Final = 200
_SLOW_WRITE_MS: Final = 1_000
_SLOW_TRIP_MS: Final = 300

_STAGES: Final = {
    "settings": "Look at `cloud` and `key_file` in the settings.",
    "name": "Is there an internet connection? `resolvectl query` tells which name server answers; a captive portal"
    " answers wrongly until somebody has signed in.",
    "connection": "Is the cloud running, and its port open? `make serve` starts one on a desk.",
    "certificate": "Is the clock right (see above)? Else the certificate is not the cloud's: do not go round it.",
    "handshake": "Something answers that is no Leveret cloud: is the address right, does it end in /device? A proxy in"
    " between must let WebSockets through.",
    "pairing": "Pair the device again: `leveret pair` writes a new key.",
}


def network(seen: NetworkSeen) -> Finding:
    """Wi-Fi, or a cable."""
    if seen.blocked and not any(one.up for one in seen.networks):
        return bad(
            "the radio is switched off",
            "rfkill blocks it, often because no country is set",
            "`sudo raspi-config nonint do_wifi_country GB` (your country), then `sudo rfkill unblock wifi`.",
        )
    up = [one for one in seen.networks if one.up]
    if not up:
        names = ", ".join(one.name for one in seen.networks) or "no adapter"
        return bad(f"not connected ({names})", "no network is up", "Menu, Wi-Fi; or `sudo nmtui`.")
    words = "; ".join(
        f"{one.name} {one.address or 'no address'}" + (f", {one.signal_dbm} dBm" if one.signal_dbm else "")
        for one in up
    )
    if not any(one.address for one in up):
        return bad(words, "connected, but without an address", "Is DHCP on in the router? `sudo nmcli device` tells.")
    weak = [one for one in up if one.wireless and one.signal_dbm and one.signal_dbm < _WEAK_DBM]
    if weak and len(weak) == len(up):
        return doubtful(words, "a weak signal", "Nearer to the router; USB sound cards beside the antenna disturb it.")
    return good(words)


def clock(seen: ClockSeen) -> Finding:
    """The time of day; certificates depend on it."""
    if seen.year < _FIRST_YEAR:
        return bad(
            f"the year is {seen.year}",
            "the clock was never set; no certificate will be believed",
            "It sets itself once there is a network: `timedatectl` tells. Else `sudo date -s`.",
        )
    if seen.in_step is False:
        return doubtful(f"the year is {seen.year}", "not set by the network yet", "`timedatectl` tells why.")
    return good("set by the network" if seen.in_step else "plausible; nothing tells whether the network sets it")


def disk(seen: DiskSeen) -> Finding:
    """Room, and whether the card still takes what is written."""
    words = f"{seen.free_mb} MB free"
    if seen.errors:
        return bad(words, seen.errors[0], "The card is dying: copy it to a new one now.")
    if seen.read_only:
        return bad(words, "the disk can only be read", "After errors Linux does that: try another card, then `fsck`.")
    if seen.write_ms < 0:
        return bad(words, f"nothing can be written: {seen.reason}", "Make room, or look whose folder it is.")
    words += f", a write takes {seen.write_ms} ms"
    if seen.free_mb < _FREE_MB:
        return doubtful(words, "little room", "`sudo apt clean`, `sudo journalctl --vacuum-size=16M`.")
    if seen.write_ms > _SLOW_WRITE_MS:
        return doubtful(words, "a slow card", "Take a card of class A1 or A2.", write_ms=seen.write_ms)
    return good(words, free_mb=seen.free_mb, write_ms=seen.write_ms)


def cloud(seen: CloudSeen) -> Finding:
    """Name, TLS, handshake, pairing, round trip."""
    where = f"{seen.host} ({'encrypted' if seen.encrypted else 'not encrypted'})"
    if seen.failed:
        step = _STAGES[seen.failed]
        if seen.code == "upgrade_required":
            step = "Update the device: the cloud speaks a newer protocol."
        return bad(f"{where}: the {seen.failed} failed", seen.reason, step)
    words = (
        f"{where}: name {seen.name_ms} ms, open {seen.open_ms} ms, paired {seen.joined_ms} ms,"
        f" round trip {seen.round_trip_ms:.0f} ms"
    )
    figures = {"joined_ms": seen.joined_ms, "round_trip_ms": seen.round_trip_ms}
    if seen.round_trip_ms > _SLOW_TRIP_MS:
        return doubtful(words, "a long way to the cloud", "Answers will be late; try another network.", **figures)
    return good(words, **figures)
