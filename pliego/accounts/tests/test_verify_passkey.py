"""The offline check of a passkey's signature: whatever part of it is altered, it is refused, and the part is named."""

import copy
import json

import pytest

from pliego.accounts.tests.passkey import Passkey
from pliego.ledger import intentions, verify_signature, webauthn

SITE = "https://compras.example"
SALT = "00" * 16
PASSKEY = Passkey(site=SITE)


def act(**changes):
    body = {
        "act": "plan.published",
        "file": "cuenta:PLG.CTA.1000001",
        "who": {"person": "ABCD-EFGH-JKMN", "account": "PLG.CTA.1000001"},
        "data": {"year": 2026, "version": 1, "made": "11:05"},
        "documents": ["aa" * 32],
    }
    return {**body, **changes}


def signed(body, passkey=PASSKEY, **options):
    open_paths = [["data", "made"]]
    intention = {
        "format": intentions.FORMAT,
        "person": "ABCD-EFGH-JKMN",
        "account": "PLG.CTA.1000001",
        "place": "/escritorio/paa/2026/publicar/",
        "site": SITE,
        "at": "2026-03-02T14:00:00.000000Z",
        "nonce": "n",
        "acts": [intentions.digest(intentions.content_of(body, open_paths, SALT))],
    }
    assertion = passkey.assertion(intentions.challenge(intention), **options)
    evidence = {"intention": intention, "open": open_paths, "salt": SALT, "assertion": assertion}
    signature = {"method": "passkey", "signed_at": "2026-03-02T14:00:01.000000Z", "evidence": evidence}
    return {**body, "signature": signature}


def findings(body):
    found = []
    verify_signature.check(body, "acto", lambda part, sentence, **values: found.append(sentence), lambda *a, **k: None)
    return found


def with_bit(text, position):
    data = bytearray(webauthn.decode(text))
    data[position % len(data)] ^= 0x01
    return webauthn.encode(bytes(data))


class TestVerifyPasskey:
    def test_accepts_what_was_signed(self):
        assert findings(signed(act())) == []

    def test_leaves_open_what_the_platform_gave_at_that_moment(self):
        body = signed(act())
        body["data"] = {**body["data"], "made": "11:06"}

        assert findings(body) == []

    @pytest.mark.parametrize("changes", [
        {"act": "plan.withdrawn"},
        {"file": "cuenta:PLG.CTA.1000002"},
        {"data": {"year": 2026, "version": 2, "made": "11:05"}},
        {"data": {"year": 2026, "version": 1}},
        {"documents": ["ab" + "aa" * 31]},
    ])  # fmt: skip
    def test_refuses_another_act(self, changes):
        assert findings({**signed(act()), **changes}) == ["%(act)s: it is not the act that the signed intention names"]

    @pytest.mark.parametrize("who", [{"person": "otra", "account": "PLG.CTA.1000001"},
                                     {"person": "ABCD-EFGH-JKMN", "account": ""}])  # fmt: skip
    def test_refuses_another_person_or_account(self, who):
        assert "%(act)s: the intention that was signed is of another person or account" in findings(
            {**signed(act()), "who": who}
        )

    @pytest.mark.parametrize("field", ["place", "site", "at", "nonce"])
    def test_refuses_an_intention_with_another_word(self, field):
        body = copy.deepcopy(signed(act()))
        body["signature"]["evidence"]["intention"][field] += "x"

        assert verify_signature.FAULTS["challenge"] in findings(body)

    def test_refuses_an_act_added_to_the_intention(self):
        body = copy.deepcopy(signed(act()))
        body["signature"]["evidence"]["intention"]["acts"].append("00" * 32)

        assert findings(body) == [verify_signature.FAULTS["challenge"]]

    @pytest.mark.parametrize("part", sorted(webauthn.PARTS))
    def test_refuses_each_part_with_one_bit_changed_anywhere(self, part):
        body = signed(act())
        text = body["signature"]["evidence"]["assertion"][part]

        for position in range(len(webauthn.decode(text))):
            changed = copy.deepcopy(body)
            changed["signature"]["evidence"]["assertion"][part] = with_bit(text, position)
            assert findings(changed), f"{part} with bit {position} changed was accepted"

    @pytest.mark.parametrize(("part", "position", "fault"), [
        ("signature", -1, "signature"),
        ("authenticator_data", 0, "authenticator_data"),
        ("authenticator_data", 36, "signature"),
        ("public_key", -1, "key"),
    ])  # fmt: skip
    def test_names_the_part(self, part, position, fault):
        body = copy.deepcopy(signed(act()))
        assertion = body["signature"]["evidence"]["assertion"]
        assertion[part] = with_bit(assertion[part], position)

        assert verify_signature.FAULTS[fault] in findings(body)

    @pytest.mark.parametrize("flags", [0x00, 0x01, 0x04])
    def test_refuses_an_answer_without_the_person_present_and_verified(self, flags):
        assert findings(signed(act(), flags=flags)) == [verify_signature.FAULTS["flags"]]

    def test_refuses_the_answer_of_another_site(self):
        assert {verify_signature.FAULTS[name] for name in ("origin", "authenticator_data")} <= set(
            findings(signed(act(), passkey=Passkey(site="https://malo.example")))
        )

    def test_refuses_the_assertion_of_another_act(self):
        other = signed(act(data={"year": 2027, "version": 1, "made": ""}))
        body = copy.deepcopy(signed(act()))
        body["signature"]["evidence"]["assertion"] = other["signature"]["evidence"]["assertion"]

        assert findings(body) == [verify_signature.FAULTS["challenge"]]

    @pytest.mark.parametrize("changes", [{"assertion": None}, {"assertion": {}}, {"intention": []}, {"salt": 1},
                                         {"open": [["nada"]]}, {"open": None}])  # fmt: skip
    def test_refuses_nonsense_without_falling(self, changes):
        body = copy.deepcopy(signed(act()))
        body["signature"]["evidence"].update(changes)

        assert findings(body)

    def test_reads_the_keys_that_the_library_writes(self):
        from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256
        from fido2 import cbor
        from fido2.cose import RS256, EdDSA

        edwards, large = ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)
        keys = [
            (EdDSA.from_cryptography_key(edwards.public_key()), edwards.sign(b"acto")),
            (RS256.from_cryptography_key(large.public_key()), large.sign(b"acto", PKCS1v15(), SHA256())),
        ]
        for key, signature in keys:
            cose = webauthn.CoseKey(cbor.encode(dict(key)))
            assert cose.verifies(signature, b"acto")
            assert not cose.verifies(signature, b"otro")
        assert json.dumps(webauthn.faults({}, b"", SITE)) == '["shape"]'
