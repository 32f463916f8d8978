"""The TLS end in front of the server, as a proxy is: `python -m bench.link.tls_end HOST PORT TO_PORT FOLDER`.

A certificate (ECDSA P-256) and the intermediate that signed it are made on the fly; `FOLDER/root.pem` is what phones trust.
"""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import sys
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.link.sockets import be_usual
from core import clock

_AT_ONCE = 16_384
_DAY = timedelta(days=1)


def make_certificates(address: str, folder: Path) -> Path:
    """Write `root.pem` and `chain.pem` (leaf, its key, intermediate) and give the latter."""
    root_key, middle_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _certificate("Bench root", root_key, issuer="Bench root", by=root_key, is_authority=True)
    middle = _certificate("Bench intermediate", middle_key, issuer="Bench root", by=root_key, is_authority=True)
    leaf = _certificate(address, leaf_key, issuer="Bench intermediate", by=middle_key, address=address)
    key = leaf_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    chain = folder / "chain.pem"
    chain.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + key + middle.public_bytes(serialization.Encoding.PEM))
    return chain


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    is_authority: bool = False,
    address: str = "",
) -> x509.Certificate:
    now = clock.now()
    whose, by_whom = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer))
    builder = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(by_whom)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(_usage(is_authority=is_authority), critical=True)
    )
    if address:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
    return builder.sign(by, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=is_authority, crl_sign=is_authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(_AT_ONCE):
            writer.write(data)
            await writer.drain()
    writer.close()


async def serve(host: str, port: int, to_port: int, folder: Path) -> None:
    """Take TLS off and carry bytes to the server on loopback, for ever."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(make_certificates(host, folder))
    tls.num_tickets = 1  # each costs 255 bytes, and a browser uses one

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", to_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, inner_writer), _carry(inner_reader, writer))

    listener = socket.create_server((host, port), backlog=64)
    be_usual(listener)
    server = await asyncio.start_server(relay, sock=listener, ssl=tls, ssl_handshake_timeout=60)
    print("TLS is at", host, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
