"""The two ends of the link, with no socket and no clock: feed them what arrives, send what they give.

link = CloudLink(now_ms=now)
for event in link.receive_text(text, now):      # or receive_bytes
    match event:
        case Greeted(): link.challenge(key=await key_of(event.hello.device), nonce=os.urandom(16))
        case Proven():  link.welcome(session, now_ms=now, turns=memory)
        ...
for data in link.data_to_send():                # str: text frame, bytes: binary frame
    await socket.send(data)
if link.ended: close the socket with CLOSES[link.ended.code].number
"""

from __future__ import annotations

from wire.cloud_link import CloudLink, Snapshot
from wire.device_link import DeviceLink, Identity
from wire.intake import TurnMemory
from wire.session import Session

__all__ = ["CloudLink", "DeviceLink", "Identity", "Session", "Snapshot", "TurnMemory"]
