"""What an offer asks to keep from the public: sealed apart, opened for the entity, decided with a reason."""

import io
import json
from datetime import timedelta
from types import SimpleNamespace

import pyrage
import pytest

from pliego.accounts.models import User
from pliego.bidding import bundles, disclosed, queries, reserving, rules, sealing
from pliego.bidding.models import Reserve
from pliego.bidding.reserving import Decision
from pliego.bidding.tests import given
from pliego.bidding.tests.sealed import Committee
from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering import services
from pliego.tendering.tests import given as tenders

SECRET, WHY = "La mezcla lleva 7 % de ceniza volante", "Secreto empresarial, Decisión 486, art. 260"
FILE = tenders.parties.pdf("formula")
KEEP = Decision(accept=True, rationale="Es un secreto industrial probado", basis="trade_secret")
PUBLISH = Decision(accept=False, rationale="Ya era de conocimiento público")


def contents():
    files = [sealing.Attachment(n, f"{n}.pdf", io.BytesIO(FILE)) for n in ("2", "3")]
    said = {"1": "Cumplimos", "2": SECRET, "4": "También secreto"}
    return sealing.Contents(
        answers=said, prices={"1": "5"}, attachments=files, confidential={"2": WHY, "4": WHY, "9": WHY}
    )


def sealed(committee, what=None):
    parts = {}
    return sealing.seal(committee.process, "CTA-1", {"oferta": what or contents()}, parts.__setitem__), parts


class TestTheFormat:
    def test_gives_each_confidential_answer_an_envelope_and_a_key_of_its_own(self):
        committee = Committee(t=2, n=3)
        manifest, parts = sealed(committee)
        sealing.check_manifest(manifest, committee.process, "CTA-1")
        opened = []
        for envelope in manifest["envelopes"]:
            header = envelope["header"]
            key = sealing.recover(header, committee.shares(header), committee.half(header))
            opened.append(
                (header["v"], header.get("reserved"), sealing.open_envelope(envelope, key, parts.__getitem__))
            )
        (first, second, third) = opened

        assert manifest["v"] == 2
        assert first[:2] == (1, None)
        assert (first[2][0]["answers"], first[2][0]["confidential"]) == (
            {"1": "Cumplimos"},
            {"2": WHY, "4": WHY, "9": WHY},
        )
        assert [row["item"] for row in first[2][0]["files"]] == ["3"]
        assert second[:2] == (2, 1)
        assert (second[2][0]["answers"], second[2][1]) == ({"2": SECRET}, {1: FILE})
        assert (third[:2], third[2][0]["answers"]) == ((2, 2), {"4": "También secreto"})
        assert all(row["item"] == "" for each in manifest["envelopes"][1:] for row in each["files"])
        assert len({each["header"]["recipient"] for each in manifest["envelopes"]}) == 3

    def test_stays_as_it_was_where_nothing_is_asked(self):
        committee = Committee(t=2, n=3)
        manifest, _parts = sealed(committee, sealing.Contents(answers={"1": "Sí"}))

        assert (manifest["v"], "reserved" in manifest["envelopes"][0]["header"]) == (1, False)
        sealing.check_manifest(manifest, committee.process, "CTA-1")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda m: m.update(v=1), "other_envelopes"),
            (lambda m: m.update(v=3), "unknown_version"),
            (lambda m: m["envelopes"].pop(0), "other_envelopes"),
            (lambda m: m["envelopes"].reverse(), "other_envelopes"),
            (lambda m: m["envelopes"][2]["header"].update(reserved=1), "other_envelopes"),
            (lambda m: m["envelopes"][1]["header"].update(reserved=0), "bad_shape"),
            (lambda m: m["envelopes"][1]["header"].update(reserved=True), "bad_shape"),
            (lambda m: m["envelopes"][1]["header"].update(reserved=201), "bad_shape"),
            (lambda m: m["envelopes"][1]["header"].update(v=1), "bad_shape"),
            (lambda m: m["envelopes"][1]["header"].update(envelope="otro"), "other_envelopes"),
            (lambda m: m["envelopes"][1]["header"].pop("reserved"), "bad_shape"),
            (lambda m: m["envelopes"].pop() and m["envelopes"].pop(), "other_envelopes"),
        ],
    )
    def test_refuses_what_is_not_so(self, change, code):
        committee = Committee(t=2, n=3)
        manifest, _parts = sealed(committee)
        change(manifest)

        with pytest.raises(sealing.BadSeal) as fault:
            sealing.check_manifest(manifest, committee.process, "CTA-1")

        assert fault.value.code == code


class TestTheTerm:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({}, None),
            ({"basis": "public_interest", "years": 15}, None),
            ({"basis": "public_interest", "years": 16}, "term_too_long"),
            ({"years": 40}, None),
            ({"basis": ""}, "no_basis"),
            ({"years": 0}, "no_term"),
            ({"is_admitted": False}, "not_admitted"),
        ],
    )
    def test_has_a_ground_and_an_end(self, at, changes, code):
        until = rules.years_after(at, changes.pop("years", 5))
        asked = SimpleNamespace(**{"basis": "trade_secret", "until": until, "is_admitted": True, **changes})

        assert [found.code for found in rules.reserve_cannot_be_kept(asked, at)] == ([code] if code else [])


def asking(at):
    """A published process with a question whose answer may be confidential and asks for a file."""
    people = tenders.buyer(at)
    tender = tenders.draft_tender(at, people)
    item = services.save_item(
        actor=people.ana,
        tender_id=tender.pk,
        at=at,
        envelope=tender.rulebook.envelopes[0].code,
        kind="text",
        title="Fórmula de la mezcla",
        allows_confidential=True,
        needs_evidence=True,
    )
    services.submit_for_approval(actor=people.ana, tender_id=tender.pk, at=at)
    tender = services.publish_tender(actor=tenders.signed(people.beto, at), tender_id=tender.pk, at=at)
    return tender, str(item.number)


def opened_with_a_secret(at):
    tender, number = asking(at)
    file_item = str(tender.items.get(kind="file").number)
    what = given.contents(tender, confidential={number: WHY, file_item: WHY})
    for each in what.values():
        each.answers[number] = SECRET
        each.attachments.append(sealing.Attachment(number, "formula secreta.pdf", io.BytesIO(FILE)))
    bid = given.submitted_bid(tender, what=what)
    return given.opened_tender(tender), bid, number


def everything_public(client, tender, bid):
    """All that anybody can read of the process."""
    pages = [f"/procesos/{tender.code}/oferentes/", f"/procesos/{tender.code}/oferentes/{bid.code}/"]
    pages += [
        f"/api/v1/bids/{bid.code}/answers",
        f"/api/v1/tenders/{tender.code}/reserves",
        f"/procesos/{tender.code}/",
    ]
    pages += [f"/api/v1/tenders/{tender.code}/bids", f"/api/v1/tenders/{tender.code}/room"]
    pages += [f"/procesos/{tender.code}/apertura/", f"/procesos/{tender.code}/apertura/{bid.code}/"]
    told = [client.get(page).content.decode() for page in pages]
    told.append(b"".join(client.get(f"/procesos/{tender.code}/oferentes.csv").streaming_content).decode("utf-8-sig"))
    shown = Entry.objects.filter(file=tender.ocid)
    return told + [entry.body for entry in shown if entry.is_public or entry.is_disclosed]


@pytest.mark.django_db
class TestTheRequest:
    def test_keeps_answer_file_and_key_from_everybody_but_the_entity_and_the_supplier(self, at, client, client_for):
        tender, bid, number = opened_with_a_secret(at)
        people, carla = tenders.people_of(tender), tenders.supplier(at)
        reserve, other = Reserve.objects.order_by("number")
        envelope = reserve.envelope
        document = envelope.documents.get().document
        shares = [released.share for released in envelope.released.all()]

        public = everything_public(client, tender, bid)

        assert envelope.identity
        assert shares
        assert envelope.custodian_half
        hidden = [SECRET, "formula secreta.pdf", envelope.identity, envelope.custodian_half, *shares, document.code]
        assert [each for each in hidden if any(each in page for page in public)] == []
        assert WHY in public[1]
        assert "aparte" in public[1]
        assert (reserve.is_admitted, other.is_admitted) == (
            True,
            False,
        )  # the second is of a question that does not admit it
        assert client.get(document.get_absolute_url()).status_code == 404
        for actor, reads in (
            (people.ana, True),
            (carla, True),
            (tenders.supplier(at, "dario"), False),
            (ANYONE, False),
        ):
            answers = disclosed.answers_of(disclosed.opened_bid_rows(tender).get(), tender.items.all(), actor)
            told = {str(one.item.number): one for one in answers}[number]
            assert (told.text == SECRET, len(told.documents) == 1, told.is_withheld) == (reads, reads, not reads)
            assert Document.objects.visible_to(actor).filter(pk=document.pk).exists() == reads
        assert [task.url for task in queries.tasks_for(people.beto, at)] == [
            f"/escritorio/procesos/{tender.code}/reservas/",
            f"/escritorio/procesos/{tender.code}/apertura/acta/opening/",
        ]
        desk = client_for(User.objects.get(pk=people.beto.user_id), tender.buyer)
        listed = desk.get(f"/escritorio/procesos/{tender.code}/reservas/").content.decode()
        form = desk.get(f"/escritorio/procesos/{tender.code}/reservas/{reserve.number}/").content.decode()
        assert WHY in listed
        assert SECRET not in listed
        assert SECRET in form
        assert "formula secreta.pdf" in form

    def test_is_accepted_for_a_term_or_refused_and_then_anybody_opens_it(self, at, client, client_for):
        tender, bid, _number = opened_with_a_secret(at)
        people = tenders.people_of(tender)
        beto, on = tenders.signed(people.beto, at), {"tender_id": tender.pk, "at": at}
        kept, other = Reserve.objects.order_by("number")
        until = at + timedelta(days=365)
        with pytest.raises(Denied):
            reserving.decide(actor=people.ana, number=1, decision=PUBLISH, **on)
        with pytest.raises(Refused) as refused:
            reserving.decide(actor=beto, number=2, decision=Decision(True, "Sí", "trade_secret", until), **on)
        assert [objection.code for objection in refused.value.objections] == ["not_admitted"]
        with pytest.raises(Refused) as refused:
            reserving.decide(actor=beto, number=1, decision=Decision(False, "  "), **on)
        assert [objection.field for objection in refused.value.objections] == ["rationale"]

        accepted = reserving.decide(
            actor=beto, number=1, decision=Decision(True, KEEP.rationale, KEEP.basis, until), **on
        )
        desk = client_for(User.objects.get(pk=people.beto.user_id), tender.buyer)
        session = desk.session
        session["opened_by"] = "demo"
        session.save()
        page = f"/escritorio/procesos/{tender.code}/reservas/2/"
        typed = {"decision": "accept", "basis": "", "until": "", "rationale": "Sí", "firma-demo": "on"}
        assert desk.post(page, typed).status_code == 422
        assert desk.post(page, {**typed, "decision": "refuse"}).status_code == 303
        opened = Reserve.objects.select_related("entry").get(number=2)
        told = client.get(f"/api/v1/tenders/{tender.code}/reserves").json()
        assert [(row["state"], row["identity"]) for row in told] == [
            ("accepted", ""),
            ("refused", other.envelope.identity),
        ]

        said = accepted.entry.content["data"]
        assert (said["decision"], said["article"], "identity" in said) == (
            "accepted",
            "Ley 1712 de 2014, art. 18, lit. c",
            False,
        )
        assert SECRET not in "".join(everything_public(client, tender, bid))
        assert opened.entry.content["data"]["identity"] == other.envelope.identity
        assert {(bid.code, other.envelope.code, other.envelope.identity)} <= set(queries.identities(tender))
        assert other.envelope.documents.get().document.audience == "public"

        assert reserving.end_due(at=until - timedelta(microseconds=1)) == []
        assert reserving.end_due(at=until) == [f"{tender.code} 1"]
        assert reserving.end_due(at=until) == []
        kept.refresh_from_db()
        assert kept.state == "ended"
        assert SECRET in client.get(f"/api/v1/bids/{bid.code}/answers").content.decode()
        self.opens_with_stock_age(kept.envelope, kept.entry.content["data"]["identity"])

    @staticmethod
    def opens_with_stock_age(envelope, identity):
        row = envelope.file_rows[sealing.ANSWERS_FILE]
        content = b"".join(given.parts.get(part) for part in row["parts"])
        clear = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(identity)])
        assert SECRET in json.loads(clear)["answers"].values()


def test_pliego_seal_puts_apart_what_respuestas_json_marks(tmp_path):
    item = {"number": 1, "envelope": "oferta", "kind": "text", "title": "Fórmula", "required": True, "options": []}
    process = {**Committee(t=2, n=3).process, "items": [item], "price_lines": []}
    written = {"answers": {"1": SECRET}, "prices": {}, "files": {}, "confidential": {"1": WHY}}

    what = bundles.contents_of(process, tmp_path, written)
    manifest = bundles.write(tmp_path / "oferta.zip", process, "CTA-1", what)

    assert (manifest["v"], [e["header"].get("reserved") for e in manifest["envelopes"]]) == (2, [None, 1])
