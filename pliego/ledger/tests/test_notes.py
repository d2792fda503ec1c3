import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pliego.ledger import notes

PRIVATE = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"test").digest())
KEY = notes.Key.of("example.co/bitacora", PRIVATE)
HEAD = notes.Checkpoint("example.co/bitacora", 7, hashlib.sha256(b"root").digest())


class TestKey:
    def test_comes_back_from_its_text(self):
        assert notes.Key.parse(str(KEY)) == KEY
        assert str(KEY).startswith("example.co/bitacora+")

    def test_of_the_published_example(self):
        # The verifier key of the signed-note specification's package (golang.org/x/mod/sumdb/note).
        vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

        assert str(notes.Key.parse(vkey)) == vkey

    def test_opens_the_published_example(self):
        key = notes.Key.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

        assert notes.open_note(f"{text}\n— PeterNeumann {signature}\n", key) == text

    @pytest.mark.parametrize("wrong", ["", "a+b", "x" + str(KEY), str(KEY)[:-4] + "AAAA", "name+00000000+!!"])
    def test_refuses_a_bad_copy(self, wrong):
        with pytest.raises(notes.NotSigned):
            notes.Key.parse(wrong)


class TestCheckpoint:
    def test_comes_back_from_its_note(self):
        assert notes.open_checkpoint(notes.sign(str(HEAD), KEY.name, PRIVATE), KEY) == HEAD

    def test_is_refused_with_any_character_changed(self):
        note = notes.sign(str(HEAD), KEY.name, PRIVATE)
        for place in range(len(note)):
            changed = note[:place] + ("A" if note[place] != "A" else "B") + note[place + 1 :]
            with pytest.raises(notes.NotSigned):
                notes.open_checkpoint(changed, KEY)

    def test_is_refused_from_another_key_or_another_log(self):
        stranger = Ed25519PrivateKey.generate()
        with pytest.raises(notes.NotSigned):
            notes.open_checkpoint(notes.sign(str(HEAD), KEY.name, stranger), KEY)
        other = notes.Checkpoint("other.co/bitacora", 7, HEAD.root)
        with pytest.raises(notes.NotSigned, match=r"of other\.co"):
            notes.open_checkpoint(notes.sign(str(other), KEY.name, PRIVATE), KEY)


class TestProofText:
    def test_comes_back(self):
        note = notes.sign(str(HEAD), KEY.name, PRIVATE)
        path = [hashlib.sha256(b"%d" % i).digest() for i in range(3)]

        assert notes.parse_proof(notes.proof_text(5, path, note, b"extra")) == (5, path, note)
        assert notes.parse_proof(notes.proof_text(0, [], note)) == (0, [], note)

    @pytest.mark.parametrize("wrong", ["", "c2sp.org/tlog-proof@v1\nindex 01\n\nx", "c2sp.org/tlog-proof@v1\n\nx"])
    def test_refuses_what_is_not_one(self, wrong):
        with pytest.raises(notes.NotSigned):
            notes.parse_proof(wrong)
