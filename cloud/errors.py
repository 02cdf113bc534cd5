"""What can go wrong in the cloud, outside of its inner rooms (which draw their own trees).

CloudError
├── ConfigError          the configuration cannot be used; says which key, why, and what to write
├── AccountError
│   ├── DeviceUnknown    no device of that id is paired
│   ├── DeviceNameTaken  a device of that name is paired already
│   ├── CodeRefused      a pairing's code is wrong, used, or was tried too often
│   ├── PairingUnknown   there is no such pairing (any more)
│   ├── PairingBusy      too many devices are being paired at once
│   └── TokenRefused     a token or a cookie is missing or wrong
├── VaultError
│   ├── SecretUnknown    the person has no secret of that name
│   ├── SecretUnfit      what was given cannot be kept as a secret; says why, and never repeats it
│   ├── SecretUnreadable a secret does not open: one error, whatever is wrong with it
│   ├── VaultKeyError    the vault's key file is missing, damaged, or open to others
│   └── RandomnessBroken no random numbers, so nothing was encrypted
├── ListUnknown          there is no such list, or nothing of it any more
├── EntryUnknown         the journal has no such entry any more
├── ListFull             a list, or the number of lists, has no room for more
├── StoreNewer           the data is of a later version than this one
├── NothingHandedOver    a task does not wait for its person on a page
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


class CodeRefused(AccountError, ValueError):
    """A code of a pairing does not count."""

    code = "code_refused"


class PairingUnknown(AccountError, LookupError):
    """No such pairing is open."""

    code = "pairing_unknown"


class PairingBusy(AccountError):
    """Too many pairings are open."""

    code = "pairing_busy"


class TokenRefused(AccountError):
    """A token or a cookie is missing or wrong."""

    code = "token_refused"


class VaultError(CloudError):
    """Something is wrong with the vault."""

    code = "vault"


class SecretUnknown(VaultError, LookupError):
    """The person has no secret of that name."""

    code = "secret_unknown"


class SecretUnfit(VaultError, ValueError):
    """What was given cannot be kept as a secret."""

    code = "secret_unfit"


class SecretUnreadable(VaultError):
    """A secret does not open. Always the same words: nobody learns from them what is wrong with it."""

    code = "secret_unreadable"

    def __init__(self) -> None:
        super().__init__("this secret cannot be opened; remove it and add it again")


class VaultKeyError(VaultError):
    """The vault's key file cannot be used."""

    code = "vault_key"


class RandomnessBroken(VaultError):
    """There are no random numbers, so nothing was encrypted."""

    code = "randomness_broken"


class StoreNewer(CloudError):
    """The data is of a later version than this one."""

    code = "store_newer"


class NothingHandedOver(CloudError, LookupError):
    """A task does not wait for its person on a page."""

    code = "nothing_handed_over"


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


class ListUnknown(CloudError, LookupError):
    """There is no such list, or it no longer has that line."""

    code = "list_unknown"


class EntryUnknown(CloudError, LookupError):
    """The journal has no such entry any more."""

    code = "entry_unknown"


class ListFull(CloudError, ValueError):
    """There is no room for more."""

    code = "list_full"
