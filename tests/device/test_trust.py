"""Which certificates are believed: real TLS sockets, real certificates."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from device import away
from device.provisioning.reaching import Around, Unreachable, around_of, reach, why
from device.trust import fingerprint_of, look_at, tls_of
from device.uplink import Uplink
from wire.device_link import DeviceLink, Identity

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


class Made:
    """A certificate that nobody vouches for, in files."""

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        since: dt.datetime = NOW - DAY,
        until: dt.datetime = NOW + DAY,
        issuer: Made | None = None,
    ) -> None:
        key = self.key = ec.generate_private_key(ec.SECP256R1())
        called = self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        by, hand = (issuer.name, issuer.key) if issuer else (called, key)
        builder = x509.CertificateBuilder(by, called, key.public_key(), x509.random_serial_number(), since, until)
        pem = builder.sign(hand, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        form = serialization.PrivateFormat.PKCS8
        secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(pem + secret)
        self.pem = pem.decode()


class Listening:
    """A server that notes what it hears after the handshake."""

    def __init__(self, certificate: Made | None, *, cuts: bool = False) -> None:
        self.heard = b""
        self._cuts = cuts
        self.port = 0
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.path)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Listening]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                if self._cuts:
                    writer.transport.abort()
                while piece := await reader.read(4096):
                    self.heard += piece
                    if self._context is None:
                        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=self._context)
        async with server:
            self.port = server.sockets[0].getsockname()[1]
            yield self


@pytest.fixture
def home(tmp_path: Path) -> Made:
    return Made(tmp_path, "home")


async def test_a_certificate_that_nobody_vouches_for_is_seen_with_its_fingerprint(home: Made) -> None:
    async with Listening(home).open() as server:
        seen = await look_at("127.0.0.1", server.port)
        assert (seen.vouched, seen.pem, seen.fingerprint) == (False, home.pem, fingerprint_of(home.pem))
        assert await reach(f"wss://127.0.0.1:{server.port}/device") == seen
        assert server.heard == b""


@pytest.mark.parametrize("variant", ["another", "expired", "not yet", "plain", "the same name", "issued by it", "cut"])
async def test_another_certificate_hears_nothing(home: Made, tmp_path: Path, variant: str) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    made = {
        "another": lambda: Made(folder, "other"),
        "expired": lambda: Made(folder, "home", since=NOW - 3 * DAY, until=NOW - DAY),
        "not yet": lambda: Made(folder, "home", since=NOW + DAY, until=NOW + 3 * DAY),
        "plain": lambda: None,
        "the same name": lambda: Made(folder, "home"),
        "issued by it": lambda: Made(folder, "leaf", issuer=home),
        "cut": lambda: None,
    }[variant]()
    pinned = made.pem if variant in ("expired", "not yet") and made else home.pem
    sentences: list[str] = []
    async with Listening(made, cuts=variant == "cut").open() as server:
        gone = asyncio.Event()

        def changed(up: bool, sentence: str, reason: str) -> None:
            assert not up
            sentences.append(sentence)
            gone.set()

        link = DeviceLink(Identity(device="hare", key=bytes(32), boot="ab" * 16))
        address = f"wss://127.0.0.1:{server.port}/device"
        uplink = Uplink(link, address, on_event=lambda event: None, on_socket=changed, certificate=pinned)
        dialling = asyncio.create_task(uplink.run())
        await asyncio.wait_for(gone.wait(), 30)
        dialling.cancel()
        await asyncio.gather(dialling, return_exceptions=True)
        assert b"hello" not in server.heard and b"GET" not in server.heard
    due = {"expired": away.RUN_OUT, "not yet": away.TOO_EARLY, "cut": away.CLOUD_AWAY}
    assert sentences[0] == due.get(variant, away.ANOTHER)


async def test_the_pinned_one_is_believed_whatever_its_name_and_no_other_authority_is(home: Made) -> None:
    async with Listening(home).open() as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=tls_of(home.pem), server_hostname="x")
        writer.transport.abort()
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", server.port, ssl=tls_of())
    assert len(tls_of(home.pem).get_ca_certs()) <= 1


async def test_an_expired_one_is_not_pinned_either(tmp_path: Path) -> None:
    old = Made(tmp_path, "old", since=NOW - 3 * DAY, until=NOW - DAY)
    async with Listening(old).open() as server:
        with pytest.raises(Unreachable):
            await reach(f"wss://127.0.0.1:{server.port}/device")


def verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("no")
    error.verify_code = code
    return error


def test_a_sign_in_page_and_a_clock_that_is_behind_are_told_from_an_impostor() -> None:
    assert why(verification(18), Around(elsewhere=True), 0.0) == away.SIGN_IN
    assert why(verification(9), Around(), 0.0) == away.TOO_EARLY
    assert why(verification(20), Around(date_s=1.8e9), 0.0) == away.TOO_EARLY, "1970 by our clock"
    assert why(verification(20), Around(date_s=1.8e9), 1.8e9) == away.IMPOSTOR


@pytest.mark.parametrize(
    ("head", "around"),
    [
        ("HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\n", Around(True)),
        ("HTTP/1.1 301 Moved\r\nLocation: https://hare.example/\r\n", Around(False)),
        ("HTTP/1.1 511 Sign in\r\n", Around(True)),
        ("HTTP/1.1 200 OK\r\nDate: Thu, 26 Nov 2026 16:00:00 GMT\r\n", Around(False, 1795708800.0)),
        ("HTTP/1.1 200 OK\r\nDate: whenever\r\n", Around()),
        ("nonsense", Around()),
    ],
)
def test_what_answers_without_encryption_is_read_with_care(head: str, around: Around) -> None:
    assert around_of(head, "hare.example") == around
