"""A certificate of a server on loopback that nobody signed, for `localhost` alone.

certificate = Certificate(tmp_path)
SmppCentre(tls=certificate.context)
monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))   # now it is trusted, under its own name
"""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Certificate:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "certificate.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        since = datetime.now(UTC) - timedelta(days=1)  # TLS looks at the real clock
        made = (
            x509.CertificateBuilder(
                issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=x509.random_serial_number()
            )
            .not_valid_before(since)
            .not_valid_after(since + timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path)
