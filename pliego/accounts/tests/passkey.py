"""A passkey in software: what an authenticator would answer, for tests without a browser."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

from pliego.accounts.models import User
from pliego.ledger.webauthn import encode

USER_PRESENT_AND_VERIFIED = 0x05


@dataclass
class Passkey:
    site: str = "http://testserver"
    identifier: bytes = b"passkey-of-a-test"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def host(self) -> bytes:
        return hashlib.sha256(self.site.split("//")[1].split(":")[0].encode()).digest()

    @property
    def cose(self) -> bytes:
        return cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))

    def of(self, user: User) -> "Passkey":
        """Register it as a factor of that person."""
        size = len(self.identifier).to_bytes(2)
        data = self.host + bytes([0x45]) + bytes(4) + bytes(16) + size + self.identifier + self.cose
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        credential = {
            "id": encode(self.identifier),
            "rawId": encode(self.identifier),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {
                "clientDataJSON": encode(self.client_data("webauthn.create", b"x" * 32)),
                "attestationObject": encode(attestation),
            },
        }
        kept = {"name": "Llave", "credential": credential}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=kept)
        return self

    def client_data(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": encode(challenge), "origin": self.site, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def answer(self, challenge: bytes, *, flags: int = USER_PRESENT_AND_VERIFIED) -> dict[str, Any]:
        """What the browser would send back for this challenge."""
        client = self.client_data("webauthn.get", challenge)
        data = self.host + bytes([flags]) + (7).to_bytes(4)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return {
            "id": encode(self.identifier),
            "rawId": encode(self.identifier),
            "type": "public-key",
            "response": {
                "authenticatorData": encode(data),
                "clientDataJSON": encode(client),
                "signature": encode(signed),
            },
        }

    def assertion(self, challenge: bytes, **options: Any) -> dict[str, str]:
        """The same as the ledger keeps it."""
        said = self.answer(challenge, **options)["response"]
        return {
            "public_key": encode(self.cose),
            "authenticator_data": said["authenticatorData"],
            "client_data": said["clientDataJSON"],
            "signature": said["signature"],
        }
