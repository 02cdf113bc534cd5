"""What can go wrong in the cloud, outside of its inner rooms (which draw their own trees).

CloudError
├── ConfigError          the configuration cannot be used; says which key, why, and what to write
├── AccountError
│   ├── DeviceUnknown    no device of that id is paired
│   ├── DeviceNameTaken  a device of that name is paired already
│   └── TokenRefused     a token or a cookie is missing or wrong
├── TurnRefused          an utterance cannot be taken; `sentence` is what the person hears
├── PictureTorn          a picture did not arrive whole
└── NotReady             the cloud is still starting, or is stopping
"""

from __future__ import annotations


class CloudError(Exception):
    """Root of the errors of this package."""

    code = "cloud"


class ConfigError(CloudError, ValueError):
    """The configuration cannot be used."""

    code = "config"


class AccountError(CloudError):
    """Somebody or something is not who it says."""

    code = "account"


class DeviceUnknown(AccountError, LookupError):
    """No device of that id is paired."""

    code = "device_unknown"


class DeviceNameTaken(AccountError, ValueError):
    """A device of that name is paired already."""

    code = "device_name_taken"


class TokenRefused(AccountError):
    """A token or a cookie is missing or wrong."""

    code = "token_refused"


class TurnRefused(CloudError):
    """An utterance cannot be taken. `code` is the rule; `sentence` is for the person."""

    code = "turn_refused"

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class PictureTorn(CloudError, ValueError):
    """A picture did not arrive whole."""

    code = "picture_torn"


class NotReady(CloudError):
    """The cloud is still starting, or is stopping."""

    code = "not_ready"
