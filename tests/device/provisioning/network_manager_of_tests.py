"""A template of python-dbusmock: a NetworkManager with one Wi-Fi card that knows which passwords are right.

Run by the system's Python, which has dbusmock: `python3 -m dbusmock --template THIS`. `Networks` (a dictionary of name
to password, empty for an open one) are in the air. Profiles are kept as NetworkManager keeps them.
"""

import dbus
import dbusmock
from dbusmock.templates import networkmanager as nm
from gi.repository import GLib

BUS_NAME = nm.BUS_NAME
MAIN_OBJ = nm.MAIN_OBJ
MAIN_IFACE = "org.freedesktop.NetworkManager"
SYSTEM_BUS = True
IS_OBJECT_MANAGER = True

CARD = "/org/freedesktop/NetworkManager/Devices/wlan0"
SOON_MS = 20
FAILED, NO_SECRETS, ABSENT, NO_ADDRESS = 120, 7, 53, 17


def load(mock, parameters):
    nm.load(mock, {"State": dbus.UInt32(20), "Connectivity": dbus.UInt32(1)})
    nm.AddWiFiDevice(mock, "wlan0", "wlan0", 30)
    card = dbusmock.get_object(CARD)
    card.AddProperties(nm.WIRELESS_DEVICE_IFACE, {"LastScan": dbus.Int64(1)})
    card.AddMethod(nm.WIRELESS_DEVICE_IFACE, "RequestScan", "a{sv}", "", "self.scan(self)")
    card.scan = scan
    manager = dbusmock.get_object(nm.MANAGER_OBJ)
    manager.networks = {str(name): str(password) for name, password in parameters.get("Networks", {}).items()}
    manager.profiles = {}
    manager.count = 0
    manager.add_and_activate = add_and_activate
    manager.activate = activate
    manager.deactivate = deactivate
    face = nm.MANAGER_IFACE
    code = "ret = self.add_and_activate(self, *args)"
    manager.AddMethod(face, "AddAndActivateConnection2", "a{sa{sv}}ooa{sv}", "ooa{sv}", code)
    manager.AddMethod(face, "ActivateConnection", "ooo", "o", "ret = self.activate(self, args[0])")
    manager.AddMethod(face, "DeactivateConnection", "o", "", "self.deactivate(self, args[0])")
    for place, name in enumerate(manager.networks):
        security = 0x100 if manager.networks[name] else 0
        nm.AddAccessPoint(
            mock, CARD, f"ap{place}", name, "00:11:22:33:44:55", 2, 2412, 54000, 90 - 20 * place, security
        )


def scan(card):
    at = card.Get(nm.WIRELESS_DEVICE_IFACE, "LastScan")
    GLib.timeout_add(SOON_MS, lambda: card.UpdateProperties(nm.WIRELESS_DEVICE_IFACE, {"LastScan": dbus.Int64(at + 1)}))


def add_and_activate(manager, profile, card, point, options):
    manager.count += 1
    path = dbus.ObjectPath(f"{nm.SETTINGS_OBJ}/{manager.count}")
    manager.AddObject(
        path,
        nm.CSETTINGS_IFACE,
        {"Unsaved": dbus.Boolean(True)},
        [
            ("GetSettings", "", "a{sa{sv}}", "ret = self.without_secrets"),
            ("Delete", "", "", "self.manager.profiles.pop(self.path); self.listed(); self.RemoveObject(self.path)"),
            ("Save", "", "", f"self.UpdateProperties('{nm.CSETTINGS_IFACE}', {{'Unsaved': dbus.Boolean(False)}})"),
        ],
    )
    kept = dbusmock.get_object(path)
    kept.manager, kept.listed = manager, lambda: listed(manager)
    kept.without_secrets = {name: part for name, part in profile.items() if name != "802-11-wireless-security"}
    manager.profiles[path] = profile
    listed(manager)
    return path, activate(manager, path), dbus.Dictionary({}, signature="sv")


def listed(manager):
    settings = dbusmock.get_object(nm.SETTINGS_OBJ)
    settings.UpdateProperties(nm.SETTINGS_IFACE, {"Connections": dbus.Array(manager.profiles, signature="o")})


def activate(manager, path):
    profile = manager.profiles[path]
    manager.count += 1
    active = dbus.ObjectPath(f"/org/freedesktop/NetworkManager/ActiveConnection/{manager.count}")
    manager.AddObject(active, nm.ACTIVE_CONNECTION_IFACE, {"State": dbus.UInt32(1), "Connection": path}, [])
    GLib.timeout_add(SOON_MS, lambda: settle(manager, profile, active))
    return active


def settle(manager, profile, active):
    if active not in dbusmock.get_objects():
        return None
    wireless = profile["802-11-wireless"]
    name = bytes(wireless["ssid"]).decode()
    given = str(profile.get("802-11-wireless-security", {}).get("psk", ""))
    if wireless.get("mode") == "ap":
        return finish(manager, active, 0)
    if name not in manager.networks:
        return finish(manager, active, ABSENT)
    if name == "No address":
        return finish(manager, active, NO_ADDRESS)
    if name == "Endless":
        return None
    return finish(manager, active, 0 if given == manager.networks[name] else NO_SECRETS)


def finish(manager, active, reason):
    card, on = dbusmock.get_object(CARD), dbusmock.get_object(active)
    state = 4 if reason else 2
    on.UpdateProperties(nm.ACTIVE_CONNECTION_IFACE, {"State": dbus.UInt32(state)})
    told = (dbus.UInt32(FAILED if reason else 100), dbus.UInt32(50), dbus.UInt32(reason))
    card.EmitSignal(nm.DEVICE_IFACE, "StateChanged", "uuu", told)
    on.EmitSignal(nm.ACTIVE_CONNECTION_IFACE, "StateChanged", "uu", (dbus.UInt32(state), dbus.UInt32(reason)))
    manager.UpdateProperties(
        nm.MANAGER_IFACE, {"State": dbus.UInt32(20 if reason else 70), "Connectivity": dbus.UInt32(1 if reason else 4)}
    )
    if reason:
        manager.RemoveObject(active)


def deactivate(manager, active):
    manager.RemoveObject(active)
    manager.UpdateProperties(nm.MANAGER_IFACE, {"State": dbus.UInt32(20), "Connectivity": dbus.UInt32(1)})
