"""Why the cloud cannot be reached, in a sentence for the screen. Pure.

Nothing here weakens a check: a certificate that cannot be trusted ends the dial, whatever the clock says, and a
redirect is never followed.
"""

from __future__ import annotations

import errno
import socket
import ssl
from typing import Final

from websockets.exceptions import InvalidStatus

CLOUD_AWAY: Final = "The cloud cannot be reached. I keep trying."
NO_NAME: Final = "The cloud's name is not found. Is there Wi-Fi?"
NO_NETWORK: Final = "There is no network. I keep trying."
NO_ANSWER: Final = "The cloud does not answer. I keep trying."
SIGN_IN: Final = "This Wi-Fi wants a sign-in. Do it on a phone."
NOT_READY: Final = "The cloud is not ready yet. I keep trying."
NO_CLOUD: Final = "No cloud answers at this address. I keep trying."
IMPOSTOR: Final = "That is not our cloud. I tell it nothing."
TOO_EARLY: Final = "My clock is behind. I wait for the right time."
ANOTHER: Final = "The cloud shows another certificate. I tell it nothing. If you changed it, pair me again in the menu."
RUN_OUT: Final = "The cloud's certificate has run out."

SENTENCES: Final = (
    *(CLOUD_AWAY, NO_NAME, NO_NETWORK, NO_ANSWER, SIGN_IN),
    *(NOT_READY, NO_CLOUD, IMPOSTOR, ANOTHER, TOO_EARLY, RUN_OUT),
)

_UNROUTED: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
# OpenSSL's numbers: X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_SIGN_IN_STATUS: Final = 511


def why_away(error: BaseException, *, pinned: bool = False) -> str:
    """The sentence for what a dial came to. `pinned`: only the certificate of the pairing is believed."""
    impostor = ANOTHER if pinned else IMPOSTOR
    match error:
        case ssl.SSLCertVerificationError(verify_code=code):
            return {_NOT_YET_VALID: TOO_EARLY, _EXPIRED: RUN_OUT}.get(code, impostor)
        case ssl.SSLError():
            return impostor
        case InvalidStatus(response=response):
            return _of_status(response.status_code)
        case socket.gaierror():
            return NO_NAME
        case TimeoutError():
            return NO_ANSWER
        case OSError(errno=number) if number in _UNROUTED:
            return NO_NETWORK
        case _:
            return CLOUD_AWAY


def _of_status(status: int) -> str:
    """A page where a socket was due is how a hotel asks for a sign-in."""
    if status == _SIGN_IN_STATUS or 200 <= status < 400:
        return SIGN_IN
    return NOT_READY if status >= 500 else NO_CLOUD
