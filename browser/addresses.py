"""Which addresses a page may reach: an own table, since `ipaddress.is_global` lets translated inner addresses through.

Sources: the IANA special-purpose registries for IPv4 and IPv6, RFC 6052 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_FORBIDDEN_V4 = tuple(
    (IPv4Network(net), why)
    for net, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local, or a cloud's metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments, or a cloud's metadata"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("168.63.129.16/32", "a cloud's metadata"),
    )
)
# Only 2000::/3 is global unicast; within it these are not.
_GLOBAL_V6 = IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    (IPv6Network(net), why)
    for net, why in (
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2620:4f:8000::/48", "AS112"),
        ("3ffe::/16", "the former 6bone"),
        ("3fff::/20", "documentation"),
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64, 6to4, Teredo, ISATAP."""
    bits = int(address)
    if address in _TEREDO:
        return IPv4Address(~bits & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((bits >> 80) & 0xFFFFFFFF)
    if any(address in net for net in (_MAPPED, _TRANSLATED, _NAT64)) or (address in _COMPATIBLE and bits > 1):
        return IPv4Address(bits & 0xFFFFFFFF)
    if (bits >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(bits & 0xFFFFFFFF)
    return None


def is_loopback(address: Address) -> bool:
    """127.0.0.0/8 and ::1, also as a mapped address."""
    if isinstance(address, IPv6Address) and address in _MAPPED:
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    return address in IPv4Network("127.0.0.0/8") if isinstance(address, IPv4Address) else int(address) == 1


def forbidden(address: Address) -> str | None:
    """Why a page may not reach `address`, or None when it is a public unicast address."""
    if isinstance(address, IPv4Address):
        return next((why for net, why in _FORBIDDEN_V4 if address in net), None)
    if address.scope_id:
        return "an address with a zone"
    inner = embedded(address)
    if inner is not None:
        # A translated address is reachable only through a translator: public inner ones are fine for NAT64 alone.
        why = forbidden(inner)
        if why or address not in _NAT64:
            return f"stands for {inner} ({why or 'a transition address'})"
        return None
    if int(address) == 1:
        return "loopback"
    if address in _NAT64_LOCAL:
        return "local NAT64"
    if address not in _GLOBAL_V6:
        return "not global unicast"
    return next((why for net, why in _FORBIDDEN_V6 if address in net), None)


def parse(text: str) -> Address | None:
    """An address as a resolver gives it, or None."""
    try:
        return ip_address(text)
    except ValueError:
        return None
