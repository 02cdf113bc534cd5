"""How a device and a cloud that do not know one another come to share a key. No I/O; the cryptography is handed in.

device                                               cloud
  Begin     public keys, commitment to a nonce    ──►
            ◄──  Begun     its exchange key, its nonce
  Reveal    the nonce, a signature over it all    ──►   draws a code
            ◄──  Revealed  code
  shows the code and two words                          shows the same two words to whoever typed the code
  Poll                                            ──►
            ◄──  Polled    waiting, …, or paired: with a proof that the cloud has the same key

The key is agreed (X25519), never sent. Whoever sits in between has two keys, and the words differ: they come from all
that was said, and each side was bound to its part before it saw the other's.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire import limits
from wire.parts import Hex16, Hex32, Label, OptionalHex64, Sentence, Token

# Letters that are no vowels and no look-alikes, so that a code is no word: 20 of them, 34.6 bits in eight.
CODE_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
CODE_CHARS: Final = 8
PAIRING_MS: Final = 600_000
POLL_MS: Final = 2_000
OptionalHex32 = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]


class Begin(Struct, frozen=True, kw_only=True):
    """`public_key` (Ed25519) is who the device is from now on, `exchange` (X25519) is for this pairing alone.

    `commitment`: see `commit`. `certificate`: SHA-256 of the cloud's certificate as the device saw it, where it is one
    that nobody vouches for.
    """

    public_key: Hex32
    exchange: Hex32
    commitment: Hex32
    certificate: OptionalHex32 = ""
    software: Label = ""


class Begun(Struct, frozen=True, kw_only=True):
    """`pairing` names it, and is known to this device alone."""

    pairing: Token
    exchange: Hex32
    nonce: Hex16


class Reveal(Struct, frozen=True, kw_only=True):
    """`signature` by the public key over `transcript`."""

    pairing: Token
    nonce: Hex16
    signature: OptionalHex64


class Revealed(Struct, frozen=True, kw_only=True):
    """What the person types into the portal, and for how long it is good."""

    code: Label
    expires_in_ms: Annotated[int, Meta(ge=0, le=PAIRING_MS)]


class Poll(Struct, frozen=True, kw_only=True):
    """How far is it?"""

    pairing: Token


class Polled(Struct, frozen=True, kw_only=True):
    """`device` and `mac` (see `paired`) once it is paired; `sentence` says why it is not."""

    state: Literal["waiting", "typed", "paired", "refused", "closed", "expired"]
    device: Annotated[str, Meta(max_length=limits.ID_CHARS)] = ""
    mac: OptionalHex32 = ""
    sentence: Sentence = ""


class Rotate(Struct, frozen=True, kw_only=True):
    """A new key for a device that is paired. `signature` by the key that it has now, over `rotation`."""

    device: Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARS)]
    public_key: Hex32
    exchange: Hex32
    signature: OptionalHex64


class Rotated(Struct, frozen=True, kw_only=True):
    """The cloud's half. The new key counts from when the device has proven it; until then the old one does, too."""

    exchange: Hex32
    mac: Hex32


def commit(nonce: bytes) -> str:
    """What binds the device to its nonce before it has seen the cloud's."""
    return hashlib.sha256(b"leveret.nonce\n" + nonce).hexdigest()


def transcript(begin: Begin, begun: Begun, nonce: str) -> bytes:
    """All that was said, in 32 bytes. `nonce` is the device's."""
    ours = (begin.public_key, begin.exchange, begin.commitment, begin.certificate, nonce)
    theirs = (begun.pairing, begun.exchange, begun.nonce)
    return hashlib.sha256("\n".join(("leveret.pairing", *ours, *theirs)).encode()).digest()


def rotation(rotate: Rotate) -> bytes:
    """What is signed of a `Rotate`."""
    lines = ("leveret.rotation", rotate.device, rotate.public_key, rotate.exchange)
    return hashlib.sha256("\n".join(lines).encode()).digest()


def shared_key(said: bytes, agreed: bytes) -> bytes:
    """The key of the device: `agreed` is what the exchange came to, `said` the transcript (or the rotation)."""
    return hmac.new(said, b"leveret.key\n" + agreed, hashlib.sha256).digest()


def words(said: bytes) -> tuple[str, str]:
    """The two words of a transcript: the same on both sides, unless somebody is in between (1 in 65,536)."""
    first, second = hashlib.sha256(b"leveret.words\n" + said).digest()[:2]
    return WORDS[first], WORDS[second]


def paired(key: bytes, pairing: str, device: str) -> str:
    """By which the cloud proves that it has the key, too."""
    return hmac.new(key, "\n".join(("leveret.paired", pairing, device)).encode(), hashlib.sha256).hexdigest()


def shown(code: str) -> str:
    """A code as it is read: BCDF-GHJK."""
    return f"{code[: CODE_CHARS // 2]}-{code[CODE_CHARS // 2 :]}"


def typed(text: str) -> str:
    """A code as somebody typed it, without what stands between its letters."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[: 2 * CODE_CHARS]


_WORDS: Final = """
acorn amber anchor apple apron arrow aspen attic autumn bacon badge bagel bamboo banjo barley basin
basket beacon beaver beetle bell berry bicycle birch biscuit blanket blossom bonnet bottle bracelet
branch bread bridge bronze brush bucket butter button cabin cactus camel candle canoe canyon carpet
carrot castle cedar cello cherry chestnut chimney cinnamon circle citrus clarinet clover cobalt
coconut comet compass copper coral cotton cradle crayon cricket crystal cushion daisy diamond
dolphin donkey dragon drum eagle echo elbow ember engine falcon feather ferry fiddle flannel flute
forest fossil fountain fox galaxy garden garlic ginger giraffe glacier goblet granite grape guitar
hammer hammock harbor hazel hedgehog helmet heron hockey honey igloo indigo island ivory jacket
jaguar jasmine jelly jewel jungle kayak kettle kitten koala ladder lagoon lantern lavender lemon
leopard lilac lizard lobster locket lotus magnet mango maple marble meadow melon mirror mitten
monkey moose mosaic muffin mustard napkin nectar needle nickel noodle nutmeg oasis ocean olive onion
opal orange orchid otter oyster paddle palace panda panther paper parrot peach peanut pebble pelican
pencil penguin pepper piano pigeon pillow planet plum pocket pony poppy potato prairie pretzel
puddle pumpkin puppet quartz quilt rabbit raccoon radish raisin raven ribbon river robin rocket
rooster ruby saddle saffron salmon sandal sapphire satin saucer shadow shovel silver sled slipper
snail sparrow spider spinach sponge squirrel stable sunset swallow tango teapot thimble thistle
thunder tiger timber tomato topaz tractor trumpet tulip tunnel turnip turtle umbrella valley vanilla
velvet violet violin volcano waffle wagon walnut walrus whistle willow window winter yogurt zebra
zipper
"""
WORDS: Final = tuple(_WORDS.split())
