"""TLS without a proxy: a real certificate, a real server, real clients over HTTPS and WSS."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from cloud.config import load
from cloud.errors import ConfigError
from cloud.serving import Tls, bind, serving, url_of
from cloud.talking import Address, Unreachable, address_of, check_health, note_address


def certify(folder: Path, name: str = "leveret.example") -> Tls:
    """A certificate that nobody but its owner has signed."""
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return Tls(certificate=folder / "certificate.pem", key=folder / "key.pem")


async def health(request: Request) -> JSONResponse:
    return JSONResponse({"ready": True, "scheme": request.url.scheme})


async def device(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(socket.url.scheme)
    await socket.close()


APP = Starlette(routes=[Route("/health", health), WebSocketRoute("/device", device)])


async def test_a_cloud_with_a_certificate_speaks_tls_alone(tmp_path: Path) -> None:
    tls = certify(tmp_path / "mine")
    tls.check()
    listening = bind("127.0.0.1", 0)
    url = url_of(listening, tls)
    assert url.startswith("https://127.0.0.1:")
    note_address(tmp_path, url, str(tls.certificate))
    async with serving(APP, listening, tls):
        # By whichever name it is reached: it is that very certificate.
        await asyncio.to_thread(check_health, address_of(tmp_path))
        for stranger in (Address(url), Address(url, str(certify(tmp_path / "other").certificate))):
            with pytest.raises(Unreachable, match="certificate verify failed"):
                await asyncio.to_thread(check_health, stranger)
        with pytest.raises(Unreachable):
            await asyncio.to_thread(check_health, Address(url.replace("https", "http")))
        trusting = ssl.create_default_context(cafile=str(tls.certificate))
        address = url.replace("https", "wss") + "/device"
        async with connect(address, ssl=trusting, server_hostname="leveret.example") as link:
            assert await link.recv() == "wss"


def test_a_certificate_that_cannot_be_used_is_told_at_the_start(tmp_path: Path) -> None:
    mine, other = certify(tmp_path / "mine"), certify(tmp_path / "other")
    with pytest.raises(ConfigError, match="they do not belong together"):
        Tls(certificate=mine.certificate, key=other.key).check()
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        Tls(certificate=mine.certificate, key=tmp_path / "none").check()
    with pytest.raises(ConfigError, match="certificate and certificate_key go together"):
        load(None, {}, {"certificate": str(mine.certificate)})
    assert load(None, {"LEVERET_CERTIFICATE": "a", "LEVERET_CERTIFICATE_KEY": "b"}).certificate_key == "b"
