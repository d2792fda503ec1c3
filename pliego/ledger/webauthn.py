"""WebAuthn assertions checked without the browser, the server or the library that made them (W3C WebAuthn 2, 7.2).

Only what a passkey's answer needs: the COSE key types that passkeys use, read from their CBOR, and the `cryptography`
package, which the log needs anyway.
"""

import base64
import binascii
import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PRESENT, VERIFIED = 0x01, 0x04
PARTS = {"public_key", "authenticator_data", "client_data", "signature"}


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: Any) -> bytes:
    """Base64url without padding, in the one way in which it can be written; ValueError otherwise."""
    if not isinstance(text, str):
        raise ValueError("not a text")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error
    if encode(data) != text:
        raise ValueError("another writing of the same bytes")
    return data


def faults(assertion: Any, challenge: bytes, site: str) -> list[str]:
    """What does not hold, by name: shape, client_data, challenge, origin, authenticator_data, flags, key, signature."""
    try:
        parts = {name: decode(assertion[name]) for name in PARTS}
        if assertion.keys() != PARTS:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["shape"]
    client, authenticator = parts["client_data"], parts["authenticator_data"]
    found = [*_client_faults(client, challenge, site), *_authenticator_faults(authenticator, site)]
    try:
        key = CoseKey(parts["public_key"])
    except (ValueError, KeyError, IndexError, TypeError):
        return [*found, "key"]
    if not key.verifies(parts["signature"], authenticator + hashlib.sha256(client).digest()):
        found.append("signature")
    return found


def _client_faults(client: bytes, challenge: bytes, site: str) -> list[str]:
    try:
        said = json.loads(client)
        kind, answered, origin = said["type"], decode(said["challenge"]), said["origin"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ["client_data"]
    return [
        *(["client_data"] if kind != "webauthn.get" else []),
        *(["challenge"] if answered != challenge else []),
        *(["origin"] if origin != site else []),
    ]


def _authenticator_faults(data: bytes, site: str) -> list[str]:
    if len(data) < 37:
        return ["authenticator_data"]
    host = urlsplit(site).hostname or ""
    found = [] if data[:32] == hashlib.sha256(host.encode()).digest() else ["authenticator_data"]
    if data[32] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        found.append("flags")
    return found


class CoseKey:
    """A public key as COSE writes it (RFC 9053): P-256, Ed25519 or RSA."""

    def __init__(self, cose: bytes) -> None:
        told, end = _cbor(cose, 0)
        if end != len(cose) or not isinstance(told, dict):
            raise ValueError("not one map")
        self.algorithm = told[3]
        self.public = self._read(told)

    def _read(self, told: dict[Any, Any]) -> Any:
        match told[1], told[3], told.get(-1):
            case 2, -7, 1:
                x, y = (int.from_bytes(told[name]) for name in (-2, -3))
                return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            case 1, -8, 6:
                return ed25519.Ed25519PublicKey.from_public_bytes(told[-2])
            case 3, -257, _n:
                return rsa.RSAPublicNumbers(int.from_bytes(told[-2]), int.from_bytes(told[-1])).public_key()
        raise ValueError("a kind of key that passkeys do not have")

    def verifies(self, signature: bytes, message: bytes) -> bool:
        try:
            match self.algorithm:
                case -7:
                    self.public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
                case -8:
                    self.public.verify(signature, message)
                case _:
                    self.public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


def _cbor(data: bytes, at: int) -> tuple[Any, int]:
    """One item of CBOR (RFC 8949) as COSE keys use it: integers, byte and text strings, maps."""
    major, extra = data[at] >> 5, data[at] & 0x1F
    at += 1
    if extra >= 24:
        width = {24: 1, 25: 2, 26: 4, 27: 8}[extra]
        extra, at = int.from_bytes(data[at : at + width]), at + width
    match major:
        case 0:
            return extra, at
        case 1:
            return -1 - extra, at
        case 2 | 3:
            if at + extra > len(data):
                raise ValueError("cut short")
            taken = data[at : at + extra]
            return (taken if major == 2 else taken.decode()), at + extra
        case 5:
            found: dict[Any, Any] = {}
            for _i in range(extra):
                name, at = _cbor(data, at)
                found[name], at = _cbor(data, at)
            return found, at
    raise ValueError("not of a COSE key")
