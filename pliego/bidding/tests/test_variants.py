"""One variant beside a base offer: sealed inside it, told by nothing before the opening, opened with it."""

import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pliego.bidding import bundles, disclosed, sealing, services
from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.bidding.tests.sealed import Committee, contents
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.tendering import sections
from pliego.tendering.tests import given as tenders
from pliego.tendering.tests.given import signed

BASE, SUMMARY = ("1000000.00", "500000.00"), "Monitores de otra marca"
PROCESS = {
    "variants": True,
    "envelopes": ["oferta"],
    "items": [
        {"number": 1, "kind": "number", "title": "Meses", "required": True, "envelope": "oferta", "evidence": True},
        {"number": 2, "kind": "file", "title": "Ficha", "required": True, "envelope": "oferta"},
        {"number": 3, "kind": "price_list", "title": "Precios", "required": True, "envelope": "oferta"},
    ],
    "price_lines": [{"key": "1", "item": 3, "number": 1}],
}
SAID = {"summary": SUMMARY, "prices": {"1": "900.00"}}


class TestTheFileRoad:
    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ({}, []),
            (SAID, []),
            ({**SAID, "answers": {"1": "1.200"}, "files": {"1": ["a.pdf"], "2": ["b.pdf"]}}, []),
            ({**SAID, "summary": " "}, ["no_summary"]),
            ({**SAID, "summary": "x" * 4001}, ["long_summary"]),
            ({"summary": SUMMARY}, ["same_as_base"]),
            ({"summary": SUMMARY, "prices": {"1": ""}}, ["same_as_base"]),
            ({**SAID, "prices": {"1": "mil", "9": "1"}}, ["not_a_price", "not_a_price"]),
            ({**SAID, "answers": {"1": "muchos"}}, ["unreadable", "no_evidence"]),
            ({**SAID, "answers": {"1": "5"}}, ["no_evidence"]),
            ({**SAID, "answers": {"2": "5", "9": "5"}}, ["unknown_question", "unknown_question"]),
            ({**SAID, "files": {"3": ["a.pdf"]}}, ["unknown_question"]),
            ({**SAID, "confidential": {}}, ["bad_variant"]),
            ({**SAID, "prices": ["1"]}, ["bad_variant"]),
            ("otra", ["bad_variant"]),
        ],
    )
    def test_says_everything_that_is_wrong_in_a_variant_at_its_field(self, said, found):
        assert [o.code for o in bundles.variant_is_wrong(PROCESS, {"variant": said})] == found

    def test_takes_none_where_the_pliego_admits_none_and_asks_for_none(self):
        process = {**PROCESS, "variants": False}

        assert [o.code for o in bundles.variant_is_wrong(process, {"variant": SAID})] == ["no_variants"]
        assert "variant" not in bundles.template(process)
        assert list(bundles.variant_is_wrong(PROCESS, bundles.template(PROCESS))) == []

    def test_one_without_its_base_offer_is_refused_and_one_with_it_is_sealed_in_the_same_envelope(self, tmp_path):
        committee, folder = Committee(), tmp_path / "oferta"
        process = {**committee.process, **PROCESS}
        (tmp_path / "proceso.json").write_text(json.dumps(process))
        folder.mkdir()
        for name in ("meses.pdf", "ficha.pdf", "otra.pdf"):
            (folder / name).write_bytes(name.encode())
        variant = {**SAID, "files": {"2": ["otra.pdf"]}}
        (folder / "respuestas.json").write_text(json.dumps({"variant": variant}))
        road = {"supplier": "CTA-1", "out": tmp_path / "o.zip", "stdout": StringIO()}
        with pytest.raises(CommandError, match=r"lacks: 1\. Meses; 2\. Ficha; 1"):
            call_command("seal", tmp_path / "proceso.json", folder, **road)
        base = {"answers": {"1": "6"}, "prices": {"1": "1000.00"}, "files": {"1": ["meses.pdf"], "2": ["ficha.pdf"]}}
        (folder / "respuestas.json").write_text(json.dumps({**base, "variant": variant}))

        call_command("seal", tmp_path / "proceso.json", folder, **road)

        with zipfile.ZipFile(tmp_path / "o.zip") as bundle:
            manifest = bundles.read_manifest(bundle)
            sealing.check_manifest(manifest, process, "CTA-1")
            parts = {sha256: part.read() for sha256, part in bundles.parts_of(bundle, manifest)}
        answers, files = opened(committee, manifest, parts)
        assert (answers["prices"], answers["variant"]["prices"]) == ({"1": "1000.00"}, {"1": "900.00"})
        assert (answers["variant"]["summary"], files[3]) == (SUMMARY, b"otra.pdf")
        assert [(row["item"], row["file"]) for row in answers["variant"]["files"]] == [("2", 3)]


def opened(committee, manifest, parts):
    [envelope] = manifest["envelopes"]
    header = envelope["header"]
    identity = sealing.recover(header, committee.shares(header), committee.half(header))
    return sealing.open_envelope(envelope, identity, parts.__getitem__)


class TestSealed:
    def sealed(self, variant, **more):
        committee, parts = Committee(), {}
        process = {**committee.process, "variants": True}
        what = {"oferta": replace(contents(), variant=variant, **more)}
        manifest = sealing.seal(process, "CTA-1", what, parts.__setitem__)
        return committee, process, manifest, parts

    def test_goes_inside_the_envelope_of_the_base_and_comes_out_of_it_with_its_own_files(self):
        file = replace(contents().attachments[0], name="variante.pdf", content=contents().attachments[0].content)
        variant = sealing.Variant(SUMMARY, {"1": "Otra"}, {"1": "9.00"}, [file])
        committee, process, manifest, parts = self.sealed(variant)

        sealing.check_manifest(manifest, process, "CTA-1")
        answers, files = opened(committee, manifest, parts)

        assert answers["variant"].pop("files")[0]["file"] == 2
        assert answers["variant"] == {"summary": SUMMARY, "answers": {"1": "Otra"}, "prices": {"1": "9.00"}}
        assert ([row["file"] for row in answers["files"]], sorted(files)) == ([1], [1, 2])

    def test_a_manifest_that_names_the_question_of_a_file_is_refused_because_it_could_tell(self):
        _committee, process, manifest, _parts = self.sealed(None)
        assert [row["item"] for row in manifest["envelopes"][0]["files"]] == ["", ""]
        manifest["envelopes"][0]["files"][1]["item"] = "2"

        with pytest.raises(sealing.BadSeal, match="tells_the_variant"):
            sealing.check_manifest(manifest, process, "CTA-1")

    @pytest.mark.parametrize("wrong", [{"summary": 1}, {"prices": {"1": 2}}, {"summary": "x" * 4001}])
    def test_one_of_another_shape_is_blamed_on_its_supplier(self, wrong):
        committee, _process, manifest, parts = self.sealed(replace(sealing.Variant(SUMMARY), **wrong))

        with pytest.raises(sealing.BadShare, match="answers_cannot_be_read"):
            opened(committee, manifest, parts)


@pytest.mark.django_db
class TestPresented:
    def test_nothing_tells_of_it_before_the_opening_and_everything_does_after(self, at, browse, client_for):
        tender = given.with_variants(at)
        carla, dario = tenders.supplier(at, "carla"), tenders.supplier(at, "dario")
        what = given.varied(tender, BASE, line2="300000.00")
        bid = given.submitted_bid(tender, carla, at=at, what=what)
        plain = given.submitted_bid(tender, dario, at=at, prices=BASE)

        told, other = (Entry.objects.get(pk=each.receipt_id).content["data"] for each in (bid, plain))
        assert told.keys() == other.keys()
        assert bid.manifest.keys() == plain.manifest.keys()
        assert [e["header"].keys() for e in bid.manifest["envelopes"]] == [
            e["header"].keys() for e in plain.manifest["envelopes"]
        ]
        assert {row["item"] for each in (bid, plain) for row in each.manifest["envelopes"][0]["files"]} == {""}
        own = browse(carla).get("/api/v1/tenders/" + tender.code + "/bids").json()
        assert (own[0]["has_variant"], own[0]["variant_total"]) == (False, "")
        assert given.closed_tender(tender).entry.content["data"]["standing"] == 2

        opened = given.opened_tender(given.as_it_is(tender))

        bid.refresh_from_db()
        plain.refresh_from_db()
        assert (bid.has_variant, bid.total_amount, bid.variant_amount) == (
            True,
            Decimal(12_500_000),
            Decimal(11_500_000),
        )
        assert (plain.has_variant, plain.variant_amount) == (False, None)
        carlas, darios = disclosed.opened_bids(opened)
        assert (carlas.variant.summary, darios.variant) == (SUMMARY, None)
        assert carlas.variant.price_lines[0] == carlas.price_lines[0]  # what it leaves out is as in the base
        assert [row.name for row in carlas.variant.documents] == ["otra marca.pdf"]
        assert "otra marca.pdf" not in [row.name for row in carlas.documents]
        listed = Entry.objects.get(act="bids.opened").content["data"]["bids"]
        assert [row.get("variant") for row in listed] == [{"total": "11500000.00"}, None]
        where, api = f"/procesos/{tender.code}/oferentes/", client_for()
        pages = [where, f"{where}{bid.code}/", f"/procesos/{tender.code}/apertura/"]
        shown = [api.get(page).content.decode() for page in pages]
        assert [SUMMARY in page for page in shown] == [True, True, False]
        assert all("variante" in page for page in shown)
        answers = api.get(f"/api/v1/bids/{bid.code}/answers").json()
        assert [(row["line"], row["unit_price"]) for row in answers["variant"]["prices"]] == [(2, "300000.00")]
        assert [row["files"] for row in answers["variant"]["answers"] if row["files"]] == [["otra marca.pdf"]]
        assert api.get(f"/api/v1/bids/{plain.code}/answers").json()["variant"] is None
        sheet = api.get(f"/procesos/{tender.code}/oferentes.csv").getvalue().decode()
        assert sum(row.endswith(("variante", 'variante"')) for row in sheet.splitlines()[1:]) == 2
        assert "otra marca.pdf" in sheet

    def test_goes_with_its_base_when_that_is_withdrawn_and_counts_only_where_it_is_admitted_and_said(self, at):
        tender, carla = given.with_variants(at), tenders.supplier(at, "carla")
        dario, pablo = tenders.supplier(at, "dario"), tenders.supplier(at, "pablo")
        gone = given.submitted_bid(tender, carla, at=at, what=given.varied(tender, BASE, line1="1.00"))
        mute = given.submitted_bid(tender, dario, at=at, what=given.varied(tender, BASE, summary=" ", line1="1.00"))
        services.withdraw_bid(actor=signed(carla, at), bid_id=gone.pk, at=at)
        elsewhere = tenders.published_tender(at, tenders.buyer(at))
        bold = given.submitted_bid(elsewhere, pablo, at=at, what=given.varied(elsewhere, BASE, line1="1.00"))

        given.opened_tender(given.as_it_is(tender))
        given.opened_tender(given.as_it_is(elsewhere))

        found = {each.pk: each for each in Bid.objects.all()}
        assert (found[gone.pk].state, found[gone.pk].opened_at) == ("withdrawn", None)
        assert (found[mute.pk].state, found[mute.pk].has_variant) == ("opened", False)
        assert (found[bold.pk].state, found[bold.pk].has_variant) == ("opened", False)
        assert not found[bold.pk].envelopes.get().documents.filter(in_variant=True).exists()

    def test_the_page_asks_for_it_only_where_it_is_admitted(self, at, browse):
        tender, carla = given.with_variants(at), tenders.supplier(at)

        page = browse(carla).get(f"/ofertas/{tender.code}/preparar/").content.decode()

        assert given.TERMS in page
        assert page.count('data-item="v') == tender.items.exclude(kind="info").count()
        assert page.count("data-variant-on") == 1
        elsewhere = tenders.published_tender(at, tenders.buyer(at))
        assert "data-variant" not in browse(carla).get(f"/ofertas/{elsewhere.code}/preparar/").content.decode()


@pytest.mark.django_db
def test_an_addendum_changes_whether_they_are_admitted_and_voids_what_was_presented_until_confirmed(at):
    tender, carla = given.with_variants(at), tenders.supplier(at)
    bid = given.submitted_bid(tender, carla, at=at, what=given.varied(tender, BASE, line1="1.00"))
    people, when = tenders.people_of(tender), tender.schedule["amendments_due"]
    when = when.replace(hour=when.hour - 2)
    tenders.amendment(tender, when)
    common = {"actor": people.ana, "tender_id": tender.pk, "at": when}
    assert sections.get("variants", tender).plain(tender)["admitted"] == "yes"
    tenders.services.save_section(part="variants", content={"admitted": "yes", "terms": ""}, **common)
    with pytest.raises(Refused, match="missing"):
        tenders.services.publish_amendment(actor=signed(people.beto, when), tender_id=tender.pk, at=when)
    tenders.services.save_section(part="variants", content={"admitted": "no"}, **common)

    tenders.services.publish_amendment(actor=signed(people.beto, when), tender_id=tender.pk, at=when)

    assert Bid.objects.select_related("tender").get(pk=bid.pk).is_unconfirmed
    services.confirm_bid(actor=signed(carla, when), bid_id=bid.pk, at=when)
    given.opened_tender(given.as_it_is(tender))
    assert Bid.objects.get(pk=bid.pk).has_variant is False
