"""Why there is no connection: each cause has its own sentence, and none of them weakens a check."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.exceptions import InvalidMessage, InvalidStatus

from device import away
from device.away import why_away
from device.words import ENGLISH, languages, words_of
from tests.device.test_uplink import handheld, until

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def answered(status: int) -> InvalidStatus:
    return InvalidStatus(SimpleNamespace(status_code=status))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), away.NO_NAME),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), away.NO_NETWORK),
        (OSError(errno.EHOSTUNREACH, "No route to host"), away.NO_NETWORK),
        (TimeoutError(), away.NO_ANSWER),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), away.NO_ANSWER),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), away.CLOUD_AWAY),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), away.CLOUD_AWAY),
        (InvalidMessage("did not receive a valid HTTP response"), away.CLOUD_AWAY),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), away.IMPOSTOR),
        (answered(200), away.SIGN_IN),
        (answered(302), away.SIGN_IN),
        (answered(511), away.SIGN_IN),
        (answered(403), away.NO_CLOUD),
        (answered(404), away.NO_CLOUD),
        (answered(503), away.NOT_READY),
    ],
    ids=repr,
)
def test_every_cause_has_its_sentence(error: BaseException, sentence: str) -> None:
    assert why_away(error) == sentence


@contextlib.asynccontextmanager
async def server(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Answers each connection with the same bytes; yields the port, and what was said to it."""
    said: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said.append(await reader.read(4096))
        writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with listening:
        yield listening.sockets[0].getsockname()[1], said


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n<html>Welcome to the inn!\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://inn.example/sign-in\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: ws://127.0.0.1:9/device\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["a page", "a redirect to a page", "a redirect to another socket"],
)
async def test_a_network_that_wants_a_sign_in_is_called_so_and_the_device_keeps_trying(answer: bytes) -> None:
    async with server(answer) as (port, said), handheld(f"ws://127.0.0.1:{port}/device") as device:
        told = await until(device, "socket")
        assert told["up"] is False and device.state.link_sentence == away.SIGN_IN
        again = await until(device, "socket", device.journal.position)
        assert again["up"] is False and len(said) >= 2


async def test_a_name_that_does_not_exist_is_said() -> None:
    async with handheld("ws://leveret.invalid/device") as device:
        assert (await until(device, "socket"))["up"] is False
        assert device.state.link_sentence == away.NO_NAME


def certificate(folder: Path, *, since: datetime, until: datetime, host: str = "localhost") -> ssl.SSLContext:
    """A server's context with a certificate that signs itself, in `folder`/trusted.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "trusted.pem").write_bytes(pem)
    (folder / "served.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "served.pem")
    return context


@pytest.mark.parametrize(
    ("days", "host", "trusted", "sentence"),
    [
        ((1, 90), "localhost", True, away.TOO_EARLY),
        ((-90, -1), "localhost", True, away.RUN_OUT),
        ((-1, 90), "elsewhere.example", True, away.IMPOSTOR),
        ((-1, 90), "localhost", False, away.IMPOSTOR),
    ],
    ids=["not valid yet: our clock is behind", "expired", "of another host", "signed by nobody we trust"],
)
async def test_a_certificate_that_cannot_be_trusted_is_never_bypassed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: tuple[int, int],
    host: str,
    trusted: bool,
    sentence: str,
) -> None:
    tls = certificate(tmp_path, since=NOW + days[0] * DAY, until=NOW + days[1] * DAY, host=host)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    async with server(b"", tls) as (port, said), handheld(f"wss://localhost:{port}/device") as device:
        assert (await until(device, "socket"))["up"] is False
        assert device.state.link_sentence == sentence
    assert not [words for words in said if words], "not a byte is told to whom cannot be trusted"


async def test_a_plain_page_where_tls_was_due_is_no_cloud(tmp_path: Path) -> None:
    async with server(b"HTTP/1.1 200 OK\r\n\r\n") as (port, _), handheld(f"wss://localhost:{port}/device") as device:
        assert (await until(device, "socket"))["up"] is False
        assert device.state.link_sentence == away.IMPOSTOR


def test_every_sentence_has_its_words_in_every_language() -> None:
    for sentence in away.SENTENCES:
        for language in languages():
            assert language == ENGLISH or words_of(language).said(sentence) != sentence, (language, sentence)
