import io
import itertools
import json
import os
import shutil
import subprocess

import pyrage
import pyshamir
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.bidding import agefiles, sealing, shamir
from pliego.bidding.sealing import BadSeal, BadShare
from pliego.bidding.tests.sealed import Committee, contents, offer


class TestShares:
    @given(st.binary(min_size=1, max_size=40), st.integers(2, 6), st.integers(0, 3))
    def test_of_any_split_any_threshold_of_them_give_the_secret_back(self, secret, threshold, more):
        pieces = shamir.split(secret, threshold + more, threshold)

        assert {shamir.combine(some) for some in itertools.combinations(pieces, threshold)} == {secret}

    def test_agree_with_another_implementation_in_both_directions(self):
        secret = os.urandom(32)
        ours, theirs = shamir.split(secret, 5, 3), pyshamir.split(secret, 5, 3)

        assert bytes(pyshamir.combine([bytearray(share) for share in ours[1:4]])) == secret
        assert shamir.combine([bytes(share) for share in theirs[2:5]]) == secret

    def test_refuse_to_be_combined_twice(self):
        share = shamir.split(b"secreto", 3, 2)[0]

        with pytest.raises(ValueError, match="one split"):
            shamir.combine([share, share])


class TestOpening:
    @pytest.mark.parametrize(("t", "n"), [(3, 5), (2, 3)])
    def test_needs_the_custodian_and_as_many_members_as_the_threshold_whoever_they_are(self, t, n):
        sealed = offer(committee := Committee(t=t, n=n))
        shares, half = committee.shares(sealed.header), committee.half(sealed.header)
        opened = set()

        for size in range(n + 1):
            for some in itertools.combinations(shares.items(), size):
                if size >= t:
                    opened.add(str(sealing.recover(sealed.header, dict(some), half)))
                else:
                    with pytest.raises(BadSeal, match="too_few_shares"):
                        sealing.recover(sealed.header, dict(some), half)
                    assert not self.is_key(sealed, some, half)  # nor by other means
                for no_half in (bytes(32), os.urandom(32)):
                    with pytest.raises(BadShare, match="custodian"):
                        sealing.recover(sealed.header, dict(some), no_half)
                    assert not self.is_key(sealed, some, no_half)

        assert len(opened) == 1
        assert all(self.is_key(sealed, some, half) for some in itertools.combinations(shares.items(), t))

    @staticmethod
    def is_key(sealed, some, half):
        """Whether these pieces, put together by whoever trusts no check of ours, make the key of the envelope."""
        if not some:
            return False
        interpolated = shamir.combine([share for _member, share in some])
        guess = agefiles.identity_of(bytes(a ^ b for a, b in zip(interpolated, half, strict=True)))
        return str(guess.to_public()) == sealed.header["recipient"]

    def test_blames_each_false_share_on_who_gave_it_also_when_two_of_five_are(self):
        sealed = offer(committee := Committee(t=3, n=5))
        true, half = committee.shares(sealed.header), committee.half(sealed.header)
        key = str(sealing.recover(sealed.header, true, half))

        for liars in itertools.combinations(true, 2):
            given = {m: bytes([s[0] ^ 1]) + s[1:] if m in liars else s for m, s in true.items()}
            named = []
            for _liar in liars:
                with pytest.raises(BadShare) as found:
                    sealing.recover(sealed.header, given, half)
                assert found.value.why == "piece_is_not_the_promised_one"
                named.append(found.value.who)
                del given[found.value.who]
            assert sorted(named) == sorted(liars)
            assert str(sealing.recover(sealed.header, given, half)) == key  # the three honest ones open it
        with pytest.raises(BadShare) as found:
            sealing.recover(sealed.header, true, bytes([half[0] ^ 1]) + half[1:])
        assert found.value.who == "custodian"

    def test_gives_back_answers_prices_and_files_bit_by_bit(self):
        committee = Committee(t=2, n=3)
        file = os.urandom(9 * 2**20)  # two parts
        sealed = offer(committee, text="Ofrecemos", file=file)
        identity = sealing.recover(sealed.header, committee.shares(sealed.header), committee.half(sealed.header))

        answers, files = sealing.open_envelope(sealed.envelope, identity, sealed.parts.__getitem__)

        assert (answers["answers"], answers["prices"], answers["total"]) == (
            {"1": "Ofrecemos"},
            {"1": "1500.50"},
            "3001.00",
        )
        assert files == {1: file}
        assert [len(row["parts"]) for row in sealed.envelope["files"]] == [1, 2]

    @pytest.mark.skipif(shutil.which("age") is None, reason="the stock age tool is not on this machine")
    def test_gives_byte_for_byte_what_the_stock_tool_gives(self, tmp_path):
        committee = Committee(t=2, n=2)
        sealed = offer(committee, file=os.urandom(9 * 2**20))
        identity = sealing.recover(sealed.header, committee.shares(sealed.header), committee.half(sealed.header))
        (tmp_path / "key").write_text(str(identity))

        for row in sealed.envelope["files"]:
            ours, content = io.BytesIO(), b"".join(sealed.parts[part] for part in row["parts"])
            sealing.open_file(identity, row, sealed.parts.__getitem__, ours)
            command = ["age", "-d", "-i", tmp_path / "key"]
            assert subprocess.run(command, input=content, capture_output=True, check=True).stdout == ours.getvalue()


class TestTampering:
    def test_with_one_bit_of_a_file_is_refused(self):
        committee = Committee(t=2, n=2)
        sealed = offer(committee)
        identity = sealing.recover(sealed.header, committee.shares(sealed.header), committee.half(sealed.header))
        part = sealed.envelope["files"][1]["parts"][0]
        altered = bytearray(sealed.parts[part])
        altered[-1] ^= 1

        with pytest.raises(BadSeal, match="part_was_altered"):
            sealing.open_envelope(sealed.envelope, identity, {**sealed.parts, part: bytes(altered)}.__getitem__)

        # with the manifest altered to match, the cipher itself refuses
        sealed.envelope["files"][1]["parts"][0] = sealing.sha256(altered)
        with pytest.raises(BadShare, match="file_does_not_open"):
            sealing.open_envelope(
                sealed.envelope,
                identity,
                lambda _sha: bytes(altered) if _sha == sealing.sha256(altered) else sealed.parts[_sha],
            )

    def test_with_a_lock_blames_the_supplier_and_anybody_can_check_it(self):
        committee = Committee(t=2, n=2)
        sealed = offer(committee)
        lock = sealed.header["locks"][0]
        lock["commit"] = sealing.sha256(b"something else")

        with pytest.raises(BadShare) as found:
            sealing.unwrap(lock, committee.members[0])

        assert (found.value.who, found.value.why) == ("supplier", "lock_breaks_its_promise")
        assert sealing.proves_bad_lock(lock, found.value.file_key)

    def test_no_proof_can_be_made_against_an_honest_lock(self):
        committee = Committee(t=2, n=2)
        sealed = offer(committee)
        lock = sealed.header["locks"][0]
        true_key = agefiles.file_key(agefiles.dearmored(lock["age"]), committee.members[0]).hex()

        assert not sealing.proves_bad_lock(lock, true_key)
        assert not sealing.proves_bad_lock(lock, os.urandom(16).hex())

    def test_with_all_promises_kept_but_pieces_of_another_key_blames_the_supplier(self):
        committee = Committee(t=2, n=2)
        sealed, other = offer(committee), offer(committee)
        header = {**sealed.header, "recipient": other.header["recipient"]}

        with pytest.raises(BadShare, match="supplier: pieces_do_not_fit"):
            sealing.recover(header, committee.shares(header), committee.half(header))

    def test_by_presenting_the_content_of_another_supplier_is_caught_inside(self):
        committee = Committee(t=2, n=2)
        sealed = offer(committee, supplier="CTA-1")
        stolen = json.loads(json.dumps(sealed.envelope).replace("CTA-1", "CTA-2"))
        identity = sealing.recover(sealed.header, committee.shares(sealed.header), committee.half(sealed.header))

        with pytest.raises(BadShare, match="supplier: sealed_for_another_offer"):
            sealing.open_answers(identity, stolen, sealed.parts.__getitem__)

    @pytest.mark.parametrize("junk", [b"not json", b"[]", b'{"v":1}', b"\xff\xfe"])
    def test_with_what_is_inside_blames_the_supplier(self, junk):
        committee = Committee(t=2, n=2)
        sealed = offer(committee)
        identity = sealing.recover(sealed.header, committee.shares(sealed.header), committee.half(sealed.header))
        ciphertext = pyrage.encrypt(junk, [identity.to_public()])
        sealed.envelope["files"][0]["parts"] = [sealing.sha256(ciphertext)]

        with pytest.raises(BadShare, match="supplier: answers_cannot_be_read"):
            sealing.open_answers(identity, sealed.envelope, lambda _sha: ciphertext)


class TestManifest:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda m: m.update(process="ocds-other"), "other_process"),
            (lambda m: m.update(supplier="CTA-2"), "other_supplier"),
            (lambda m: m["envelopes"][0]["header"].update(process="ocds-other"), "other_process"),
            (lambda m: m["envelopes"][0]["header"].update(supplier="CTA-2"), "other_supplier"),
            (lambda m: m["envelopes"][0]["header"].update(t=1), "other_members"),
            (lambda m: m["envelopes"][0]["header"]["locks"].pop(), "other_members"),
            (lambda m: m["envelopes"][0]["header"]["locks"][0].update(member="9"), "other_members"),
            (lambda m: m["envelopes"][0]["header"]["locks"][0].update(recipient=FOREIGN), "other_members"),
            (lambda m: m["envelopes"][0]["header"]["locks"][0].update(age="clear share"), "bad_shape"),
            (lambda m: m["envelopes"][0]["header"]["custodian"].update(number=8), "other_custodian"),
            (lambda m: m["envelopes"][0]["header"]["custodian"].update(recipient=FOREIGN), "other_custodian"),
            (lambda m: m["envelopes"][0]["header"].update(recipient="age1nope"), "bad_shape"),
            (lambda m: m["envelopes"][0]["header"].update(secret="S"), "bad_shape"),
            (lambda m: m["envelopes"][0]["files"][0].update(name="oferta por 100 millones.pdf"), "bad_shape"),
            (lambda m: m["envelopes"][0]["files"][0]["parts"].append("0" * 64), "bad_shape"),
            (lambda m: m["envelopes"].append(m["envelopes"][0]), "other_envelopes"),
            (lambda m: m["envelopes"].clear(), "other_envelopes"),
            (lambda m: m.update(v=3), "unknown_version"),
            (lambda m: m.update(extra=1), "bad_shape"),
        ],
    )
    def test_is_refused_when_it_is_not_for_this_process_and_supplier(self, change, code):
        committee = Committee()
        sealed = offer(committee)
        change(sealed.manifest)

        with pytest.raises(BadSeal) as found:
            sealing.check_manifest(sealed.manifest, committee.process, "CTA-1")

        assert found.value.code == code

    def test_is_accepted_as_sealed(self):
        committee = Committee(envelopes=("requisitos", "economica"))

        sealing.check_manifest(offer(committee).manifest, committee.process, "CTA-1")

    def test_tells_nothing_of_what_is_inside(self):
        sealed = offer(Committee(), text="planted sentence")

        everything = sealing.canonical(sealed.manifest) + b"".join(sealed.parts.values())

        for clear in (b"planted sentence", "propuesta técnica".encode(), b"1500.50", b"%PDF"):
            assert clear not in everything

    def test_seals_the_same_offer_differently_each_time(self):
        committee = Committee()

        first, second = offer(committee), offer(committee)

        assert not set(first.parts) & set(second.parts)
        assert first.header["recipient"] != second.header["recipient"]


class TestKeys:
    def test_go_to_bytes_and_back(self):
        identity = pyrage.x25519.Identity.generate()

        assert str(agefiles.identity_of(agefiles.secret_of(identity))) == str(identity)
        assert agefiles.is_recipient(str(identity.to_public()))

    @pytest.mark.parametrize("text", ["", "age1", "age1" + "q" * 58, None, 7, "ssh-ed25519 AAAA"])
    def test_that_are_not_keys_are_refused(self, text):
        assert not agefiles.is_recipient(text)

    def test_contents_may_be_read_only_once(self):
        what = contents(file=b"x" * 10)

        sealing.seal(Committee().process, "CTA-1", {"oferta": what}, lambda *_part: None)

        assert what.attachments[0].content.read() == b""


FOREIGN = str(pyrage.x25519.Identity.generate().to_public())
