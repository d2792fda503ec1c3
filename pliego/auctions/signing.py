"""The key of an entry: made in the browser, registered with the second factor, it signs every bid of that person.

Guarantees: what is signed names process, lot, entry, the bid's own key and what it offers, so that no signature serves
for another bid; anybody checks it afterwards with the public key, which the log holds.
"""

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused

FORMAT = "pliego.lance/1"


def message(
    *, tender: str, lot: int | None, session: str, key: str, amount: Decimal | None, prices: Mapping[str, Decimal]
) -> bytes:
    """What is signed: one line each, amounts with two decimals and a point."""
    offered = [f"{amount:.2f}"] if amount is not None else [f"{k}={prices[k]:.2f}" for k in sorted(prices)]
    return "\n".join([FORMAT, tender, str(lot or 0), session, key, *offered]).encode()


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def exported(key: ec.EllipticCurvePublicKey) -> str:
    """A public key as browsers give it."""
    return encoded(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def signed(key: ec.EllipticCurvePrivateKey, message: bytes) -> str:
    """What a browser answers for that key: r and s, 32 bytes each."""
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(SHA256())))
    return encoded(r.to_bytes(32) + s.to_bytes(32))


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """A P-256 key as browsers export it (SubjectPublicKeyInfo), or Refused."""
    try:
        key = load_der_public_key(decoded(text))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Refused(Objection("bad_key", _("The key of this browser cannot be read. Enter again."), "public_key"))
    return key


def is_signed(public: str, signed: bytes, signature: str) -> bool:
    """Whether that key made that signature (ECDSA with SHA-256, r and s of 32 bytes each)."""
    try:
        raw = decoded(signature)
        if len(raw) != 64:
            return False
        pair = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        public_key(public).verify(pair, signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
