"""The seal of the installation's PDFs: a certificate that the log's own key issues, so that one trusted key is enough.

The signer makes it; the web processes read only the folder `seal` of the signer's, never the log key.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID
from django.conf import settings

if TYPE_CHECKING:  # a large library, for those who seal
    from pyhanko.sign import signers

FOLDER, KEY_FILE, CERTIFICATE_FILE, ROOT_FILE = "seal", "seal.key", "seal.crt", "log.crt"
YEARS = 30


class NoSeal(Exception):
    """The signer has not made the seal yet."""


def files() -> tuple[Path, Path, Path]:
    folder = Path(settings.PLIEGO_SIGNER_DIR) / FOLDER
    return folder / KEY_FILE, folder / CERTIFICATE_FILE, folder / ROOT_FILE


def make(log_key: Ed25519PrivateKey) -> dict[Path, bytes]:
    """The files of a new seal: its key, its certificate, and the log's own certificate that issued it."""
    key_file, certificate_file, root_file = files()
    origin, seal_key = settings.PLIEGO_LEDGER_ORIGIN, ec.generate_private_key(ec.SECP256R1())
    log_name, seal_name = _name(f"Bitácora {origin}"), _name(f"Sello de recibos {origin}")
    root = _certificate(log_name, log_name, is_authority=True).public_key(log_key.public_key()).sign(log_key, None)
    certificate = (
        _certificate(log_name, seal_name, is_authority=False).public_key(seal_key.public_key()).sign(log_key, None)
    )
    private = seal_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    return {key_file: private, certificate_file: certificate.public_bytes(pem), root_file: root.public_bytes(pem)}


def _name(common: str) -> x509.Name:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, common[:64])]
    if settings.PLIEGO_OPERATOR:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.PLIEGO_OPERATOR[:64]))
    return x509.Name(names)


def _certificate(issuer: x509.Name, subject: x509.Name, *, is_authority: bool) -> x509.CertificateBuilder:
    now = datetime.now(UTC)  # certificates are read by other programs, which know no practice clock
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def signer() -> "signers.SimpleSigner":
    """What seals PDFs."""
    key_file, certificate_file, root_file = files()
    if not certificate_file.exists():
        raise NoSeal("the signer has not made the seal yet")
    return _load(key_file, certificate_file, root_file, certificate_file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(key_file: Path, certificate_file: Path, root_file: Path, _version: int) -> "signers.SimpleSigner":
    from pyhanko.sign import signers

    found = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        key_file=str(key_file), cert_file=str(certificate_file), other_certs=_certificates(root_file)
    )
    if not isinstance(found, signers.SimpleSigner):
        raise NoSeal("the seal cannot be read")
    return found


def _certificates(path: Path) -> list[object]:
    from pyhanko.keys import load_cert_from_pemder

    return [load_cert_from_pemder(str(path))]  # type: ignore[no-untyped-call]
