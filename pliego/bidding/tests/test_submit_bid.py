import io
import json

import pytest

from pliego.bidding import disclosed, queries, rules, sealing, services
from pliego.bidding.models import Bid, Envelope, Part, SealedDraft
from pliego.bidding.tests import given
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.tendering.tests import given as tenders


def present(tender, supplier, manifest, at):
    return services.submit_bid(actor=supplier, tender_id=tender.pk, manifest=manifest, at=at)


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestSubmitBid:
    def test_receives_the_offer_with_a_private_receipt(self, tender, carla, at):
        bid = present(tender, carla, given.sealed(tender, carla, at), at)

        assert (bid.state, bid.received_at, bid.supplier_id) == ("submitted", at, carla.account_id)
        assert (bid.receipt.act, bid.receipt.is_disclosed) == ("bid.submitted", False)
        said = bid.receipt.content["data"]
        assert said["manifest_sha256"] == bid.manifest_sha256 == sealing.hash_of(bid.manifest)
        assert said["recipients"] == {"offer": bid.envelopes.get().recipient}
        assert not Entry.objects.visible_to(parties.actor(tenders.people.person("fabio", at=at))).filter(
            pk=bid.receipt_id
        )

    def test_counts_the_moment_before_the_deadline_and_not_the_deadline(self, tender, carla, dario, at):
        late = given.sealed(tender, dario, at)

        assert present(tender, carla, given.sealed(tender, carla, at), given.last_moment(tender)).state == "submitted"
        with pytest.raises(Refused) as refused:
            present(tender, dario, late, given.due(tender))
        assert codes(refused) == {"too_late"}
        assert not rules.is_on_time(given.due(tender), given.due(tender))

    def test_takes_the_place_of_the_earlier_offer_which_is_never_opened(self, tender, carla, at):
        first = given.submitted_bid(tender)
        second = given.submitted_bid(tender)

        first.refresh_from_db()
        assert (first.state, second.state, second.replaces) == ("replaced", "submitted", first)
        opened = given.opened_tender(tender)
        assert [bid.code for bid in opened.bids.filter(state="opened")] == [second.code]
        first.refresh_from_db()
        assert (first.envelopes.get().identity, first.envelopes.get().answers) == ("", None)

    def test_discards_the_draft(self, tender, carla, at):
        services.save_draft(actor=carla, tender_id=tender.pk, ciphertext="{}", version=0, at=at)

        given.submitted_bid(tender)

        assert not SealedDraft.objects.exists()

    def test_needs_a_signature_a_role_and_another_account(self, tender, carla, people, at):
        manifest = given.sealed(tender, carla, at)

        with pytest.raises(SignatureRequired):
            present(tender, carla.with_signature(None), manifest, at)
        with pytest.raises(Denied):
            present(tender, tenders.signed(people.beto, at), manifest, at)
        with pytest.raises(Denied):
            present(tender, parties.actor(tenders.people.person("fabio", at=at)), manifest, at)

    def test_of_a_process_that_is_not_public_is_unknown(self, carla, at):
        draft = tenders.draft_tender(at)

        with pytest.raises(Unknown):
            present(draft, carla, {}, at)


class TestRetries:
    def test_of_the_same_manifest_get_the_same_receipt_also_after_the_close(self, tender, carla, at):
        manifest = given.sealed(tender, carla, at)
        bid = present(tender, carla, manifest, at)
        again = present(tender, carla, manifest, given.last_moment(tender))
        given.closed_tender(tender)

        after = present(tender, carla, manifest, given.after_close(tender))

        assert bid.receipt_id == again.receipt_id == after.receipt_id
        assert Bid.objects.count() == Entry.objects.filter(act="bid.submitted").count() == 1

    def test_with_other_content_are_refused(self, tender, carla, at):
        manifest = given.sealed(tender, carla, at)
        present(tender, carla, manifest, at)
        other = {**given.sealed(tender, carla, at), "submission": manifest["submission"]}

        with pytest.raises(Refused) as refused:
            present(tender, carla, other, at)

        assert codes(refused) == {"other_content"}

    def test_over_the_api_answer_422_for_other_content(self, tender, carla, at, client_for):
        from pliego.parties.models import Account

        manifest = given.sealed(tender, carla, at)
        present(tender, carla, manifest, at)
        web = client_for(tenders.User.objects.get(pk=carla.user_id), Account.objects.get(pk=carla.account_id))
        web.handler.enforce_csrf_checks = False
        session = web.session
        session["opened_by"] = "demo"
        session.save()
        other = {**given.sealed(tender, carla, at), "submission": manifest["submission"]}

        answer = web.post(f"/ofertas/{tender.code}/preparar/", {"manifest": json.dumps(other), "firma-demo": "on"})

        assert answer.status_code == 422
        assert json.loads(answer.context["form"]["manifest"].value()) == other


class TestRefusals:
    def test_name_missing_parts(self, tender, carla, at):
        with pytest.raises(Refused) as refused:
            present(tender, carla, given.sealed(tender, carla, at, send=False), at)

        assert codes(refused) == {"missing_parts"}

    def test_do_not_accept_parts_that_only_another_supplier_sent(self, tender, carla, dario, at):
        stolen = json.loads(json.dumps(given.sealed(tender, dario, at)).replace(dario.account_code, carla.account_code))

        with pytest.raises(Refused) as refused:
            present(tender, carla, stolen, at)

        assert codes(refused) == {"missing_parts"}

    def test_do_not_accept_another_suppliers_ciphertext_even_sent_again(self, tender, carla, dario, at):
        theirs = given.sealed(tender, dario, at)
        present(tender, dario, theirs, at)
        stolen = json.loads(json.dumps(theirs).replace(dario.account_code, carla.account_code))
        for row in stolen["envelopes"][0]["files"]:
            for part in row["parts"]:
                content = io.BytesIO(given.parts.get(part))
                services.keep_part(actor=carla, sha256=part, stream=content, at=at)

        with pytest.raises(Refused) as refused:
            present(tender, carla, stolen, at)
        assert codes(refused) == {"copied_ciphertext"}

        # nor with another header around the stolen files
        own = given.sealed(tender, carla, at)
        own["envelopes"][0]["files"] = stolen["envelopes"][0]["files"]
        with pytest.raises(Refused) as refused:
            present(tender, carla, own, at)
        assert codes(refused) == {"copied_ciphertext"}

    def test_do_not_accept_files_that_are_not_encrypted(self, tender, carla, at):
        manifest = given.sealed(tender, carla, at)
        clear = b"oferta en claro, por descuido"
        services.keep_part(actor=carla, sha256=sealing.sha256(clear), stream=io.BytesIO(clear), at=at)
        manifest["envelopes"][0]["files"][1] |= {"sealed": len(clear), "parts": [sealing.sha256(clear)]}

        with pytest.raises(Refused) as refused:
            present(tender, carla, manifest, at)

        assert codes(refused) == {"not_sealed"}

    @pytest.mark.parametrize("junk", [{}, {"v": 1}, {"envelopes": []}, {"v": 1, "envelopes": [{"header": None}]}])
    def test_meet_junk(self, tender, carla, at, junk):
        with pytest.raises(Refused) as refused:
            present(tender, carla, junk, at)

        assert codes(refused) == {"bad_shape"}

    def test_keep_nothing(self, tender, carla, at):
        manifest = given.sealed(tender, carla, at, send=False)

        with pytest.raises(Refused):
            present(tender, carla, manifest, at)

        assert not Bid.objects.exists()
        assert not Envelope.objects.exists()


class TestParts:
    def test_are_kept_once_and_only_under_their_hash(self, tender, carla, at):
        content = b"age-encryption.org/v1\n..."
        digest = sealing.sha256(content)

        for _again in range(2):
            services.keep_part(actor=carla, sha256=digest, stream=io.BytesIO(content), at=at)

        assert Part.objects.count() == 1
        with pytest.raises(Refused) as refused:
            services.keep_part(actor=carla, sha256="0" * 64, stream=io.BytesIO(content), at=at)
        assert codes(refused) == {"wrong_hash"}
        assert not given.parts.exists("0" * 64)
        assert not list(given.parts.path_of("0" * 64).parent.glob(".llega-*"))

    def test_have_at_most_eight_mebibytes(self, tender, carla, at):
        content = bytes(sealing.PART_SIZE + 1)

        with pytest.raises(Refused) as refused:
            services.keep_part(actor=carla, sha256=sealing.sha256(content), stream=io.BytesIO(content), at=at)

        assert codes(refused) == {"part_too_large"}

    def test_that_no_offer_uses_have_a_quota(self, tender, carla, at, settings):
        given.submitted_bid(tender)
        settings.PLIEGO_BID_QUOTA_BYTES = 10
        services.keep_part(actor=carla, sha256=sealing.sha256(b"x" * 11), stream=io.BytesIO(b"x" * 11), at=at)

        with pytest.raises(Refused) as refused:
            services.keep_part(actor=carla, sha256=sealing.sha256(b"y"), stream=io.BytesIO(b"y"), at=at)

        assert codes(refused) == {"quota"}

    def test_tell_a_supplier_nothing_of_what_others_sent(self, tender, carla, dario, at):
        content = b"x" * 30
        services.keep_part(actor=dario, sha256=sealing.sha256(content), stream=io.BytesIO(content), at=at)

        assert queries.missing_parts(actor=carla, parts=[sealing.sha256(content)]) == [sealing.sha256(content)]
        assert queries.missing_parts(actor=dario, parts=[sealing.sha256(content)]) == []

    def test_are_only_taken_from_suppliers(self, people, at):
        with pytest.raises(Denied):
            services.keep_part(actor=people.ana, sha256=sealing.sha256(b"x"), stream=io.BytesIO(b"x"), at=at)


class TestDrafts:
    def test_that_somebody_else_of_the_account_saved_meanwhile_are_not_overwritten(self, tender, carla, at):
        services.save_draft(actor=carla, tender_id=tender.pk, ciphertext="{}", version=0, at=at)
        second = services.save_draft(actor=carla, tender_id=tender.pk, ciphertext="{1}", version=1, at=at)

        with pytest.raises(Refused) as refused:
            services.save_draft(actor=carla, tender_id=tender.pk, ciphertext="{2}", version=1, at=at)

        assert (codes(refused), second.version) == ({"stale"}, 2)
        assert SealedDraft.objects.get().ciphertext == "{1}"


class TestWithdrawBid:
    def test_takes_the_offer_back_for_ever(self, tender, carla, at):
        bid = given.submitted_bid(tender)

        withdrawn = services.withdraw_bid(actor=carla, bid_id=bid.pk, at=given.last_moment(tender))

        assert (withdrawn.state, withdrawn.withdrawal.act) == ("withdrawn", "bid.withdrawn")
        assert disclosed.opened_bids(given.opened_tender(tender)) == []

    def test_is_refused_at_the_deadline(self, tender, carla, at):
        bid = given.submitted_bid(tender)

        with pytest.raises(Refused) as refused:
            services.withdraw_bid(actor=carla, bid_id=bid.pk, at=given.due(tender))

        assert codes(refused) == {"too_late"}

    def test_is_for_the_supplier_alone_to_whom_alone_it_exists(self, tender, dario, people, at):
        bid = given.submitted_bid(tender)

        for stranger in (dario, tenders.signed(people.beto, at)):
            with pytest.raises(Unknown):
                services.withdraw_bid(actor=stranger, bid_id=bid.pk, at=at)
            assert not Bid.objects.visible_to(stranger).exists()


class TestWhoMayOffer:
    def test_only_the_invited_do_where_the_method_invites(self, at, carla, dario):
        tender = tenders.published_tender(at, method="contratacion_directa_con_ofertas", invited=carla)

        assert present(tender, carla, given.sealed(tender, carla, at), at).state == "submitted"
        with pytest.raises(Denied, match="invitó"):
            present(tender, dario, given.sealed(tender, dario, at), at)
