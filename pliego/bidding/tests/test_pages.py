"""The pages without a script: the file road, the members' road with stock age, and what everybody may read."""

import json
import zipfile
from io import BytesIO

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.tendering.models import OpeningKey
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


@pytest.fixture
def tender(at):
    return given.published_tender(at)


def page(name, tender):
    return reverse(f"bidding:{name}", args=[tender.code])


class TestFileRoad:
    def bundle(self, browse, tender, carla, tmp_path):
        """What a supplier does on their own computer."""
        process = tmp_path / "proceso.json"
        process.write_bytes(browse(carla).get(page("process", tender)).content)
        call_command("seal", process, tmp_path / "oferta", "--template", verbosity=0)
        answers = json.loads((tmp_path / "oferta" / "respuestas.json").read_text())
        answers["prices"] = dict.fromkeys(answers["prices"], "1200.50")
        for number in answers["files"]:
            (tmp_path / "oferta" / f"{number}.pdf").write_bytes(given.pdf("certificado"))
            answers["files"][number] = [f"{number}.pdf"]
        (tmp_path / "oferta" / "respuestas.json").write_text(json.dumps(answers))
        call_command("seal", process, tmp_path / "oferta", supplier=carla.account_code, out=tmp_path / "o.zip")
        return (tmp_path / "o.zip").read_bytes()

    def test_goes_from_the_process_file_to_the_receipt_without_a_script(self, browse, tender, at, tmp_path):
        carla = tenders.supplier(at)
        bundle = self.bundle(browse, tender, carla, tmp_path)

        answer = browse(carla).post(
            page("present_file", tender),
            {"bundle": SimpleUploadedFile("o.zip", bundle), "firma-demo": "on"},
        )

        assert answer.status_code == 303, answer.context["form"].errors
        bid = Bid.objects.get(tender=tender)
        assert (bid.state, bid.manifest["bundle"]) == ("submitted", "pliego-seal")
        assert bid.receipt.code in browse(carla).get(page("offer", tender)).content.decode()
        given.opened_tender(tender)
        bid.refresh_from_db()
        assert bid.state == "opened"
        assert bid.total_amount == 15 * 1200 + 15 * bid.total_amount.__class__("0.50")

    @pytest.mark.parametrize("junk", [b"PK", b"not a zip", b""])
    def test_refuses_what_is_not_a_bundle_at_its_field(self, browse, tender, at, junk):
        carla = tenders.supplier(at)

        answer = browse(carla).post(
            page("present_file", tender), {"bundle": SimpleUploadedFile("o.zip", junk), "firma-demo": "on"}
        )

        assert answer.status_code == 422
        assert not Bid.objects.exists()

    def test_refuses_a_bundle_that_lacks_a_part(self, browse, tender, at, tmp_path):
        carla = tenders.supplier(at)
        whole = zipfile.ZipFile(BytesIO(self.bundle(browse, tender, carla, tmp_path)))
        cut = BytesIO()
        with zipfile.ZipFile(cut, "w") as bundle:
            bundle.writestr("manifest.json", whole.read("manifest.json"))

        answer = browse(carla).post(
            page("present_file", tender), {"bundle": SimpleUploadedFile("o.zip", cut.getvalue()), "firma-demo": "on"}
        )

        assert answer.status_code == 422
        assert not Bid.objects.exists()

    def test_is_explained_on_the_page_that_needs_a_script(self, browse, tender, at):
        shown = browse(tenders.supplier(at)).get(page("prepare", tender)).content.decode()

        explained = shown[shown.index('<div class="bid-unscripted">') : shown.index("<pl-seal")]
        assert page("present_file", tender) in explained
        assert 'data-part="tool" hidden' in shown


class TestOfferPages:
    def test_send_strangers_to_sign_in_and_others_away(self, client, browse, tender, at):
        ana = tenders.people_of(tender).ana

        assert client.get(page("prepare", tender)).status_code == 302
        assert browse(ana).get(page("prepare", tender)).status_code == 403
        assert browse(tenders.supplier(at)).get("/ofertas/PLG.EXP.9/").status_code == 404

    @pytest.mark.parametrize("url", ["/ofertas/partes/faltan", f"/ofertas/partes/{'0' * 64}"])
    def test_take_and_name_parts_only_for_suppliers(self, client, browse, tender, at, url):
        ana = tenders.people_of(tender).ana

        answers = [asking.post(url) for asking in (client, browse(ana), browse(tenders.supplier(at)))]

        assert [answer.status_code for answer in answers] == [403, 403, 422]

    def test_show_what_was_presented_and_let_it_be_withdrawn(self, browse, tender, at):
        bid = given.submitted_bid(tender)
        web = browse(tenders.supplier(at))
        assert bid.code in web.get("/ofertas/").content.decode()
        assert web.get(page("withdraw", tender)).status_code == 200

        answer = web.post(page("withdraw", tender), {"firma-demo": "on"})

        assert answer.status_code == 303
        bid.refresh_from_db()
        assert bid.state == "withdrawn"

    def test_name_no_input_that_a_form_could_send(self, browse, tender, at):
        shown = browse(tenders.supplier(at)).get(page("prepare", tender)).content.decode()
        tool = shown[shown.index('data-part="tool"') : shown.index("</pl-seal>")]

        assert ' name="' not in tool

    def test_keep_no_prices_in_drafts_of_the_house(self, browse, tender, at):
        assert "borrador" not in browse(tenders.supplier(at)).get(page("prepare", tender)).context

    def test_make_as_many_queries_for_many_offers_as_for_one(self, browse, tender, at, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        web = browse(tenders.supplier(at))
        given.submitted_bid(tender)
        web.get("/ofertas/")
        with CaptureQueriesContext(
            connection,
        ) as few:
            web.get("/ofertas/")
        for _again in range(3):
            given.submitted_bid(tender)

        with django_assert_num_queries(len(few)):
            web.get("/ofertas/")


class TestMemberPages:
    def test_take_the_shares_of_two_members_and_open(self, browse, tender, at):
        bid = given.submitted_bid(tender)
        given.closed_tender(tender)
        given.released_halves(tender)
        people = tenders.people_of(tender)

        with clock.fixed(given.opening_time(tender)):
            for member in (people.ana, people.beto):
                web = browse(member)
                assert "pl-opening" in web.get(page("opening", tender)).content.decode()
                lines = [f"{s['recipient']} {s['share']}" for s in given.member_shares(tender, member.user_id)]
                answer = web.post(page("opening", tender), {"shares": "\n".join(lines)})
                assert answer.status_code == 303, answer.context["form"].errors
            answer = browse(people.beto).post(page("open", tender))

        assert answer.status_code == 303
        bid.refresh_from_db()
        assert bid.state == "opened"
        shown = browse(people.beto).get(page("bidders", tender)).content.decode()
        assert bid.supplier.name in shown
        assert bid.envelopes.get().identity in shown

    def test_say_why_the_offers_cannot_be_opened_yet(self, browse, tender, at):
        given.submitted_bid(tender)
        given.closed_tender(tender)

        with clock.fixed(given.opening_time(tender)):
            answer = browse(tenders.people_of(tender).beto).post(page("open", tender))

        assert answer.status_code == 422
        assert Bid.objects.get().state == "submitted"

    def test_let_anybody_write_the_closing_record_after_the_deadline_only(self, browse, tender, at):
        web = browse(tenders.supplier(at))
        assert web.post(page("close", tender)).status_code == 422

        with clock.fixed(given.after_close(tender)):  # days later: in a session of its own
            answer = browse(tenders.supplier(at)).post(page("close", tender))

        assert answer.status_code == 303
        tender.refresh_from_db()
        assert tender.state == "closed"

    @pytest.mark.parametrize("junk", ["age1nothing 00", "x", "age1" + "q" * 58 + " zz"])
    def test_refuse_lines_that_are_not_shares(self, browse, tender, at, junk):
        given.submitted_bid(tender)
        given.closed_tender(tender)

        with clock.fixed(given.opening_time(tender)):
            answer = browse(tenders.people_of(tender).ana).post(page("opening", tender), {"shares": junk})

        assert answer.status_code == 422
        assert junk in answer.content.decode()


class TestKeys:
    def test_made_with_stock_age_are_registered_in_two_steps(self, browse, at):
        ana = tenders.buyer(at).ana
        mine = pyrage.x25519.Identity.generate()
        web = browse(ana)
        recipient = str(mine.to_public())

        first = web.post("/escritorio/llaves/", {"recipient": recipient})
        answer = pyrage.decrypt(first.context["challenge"].encode(), [mine]).decode()
        second = web.post(
            "/escritorio/llaves/",
            {"recipient": recipient, "answer": answer, "ticket": first.context["challenge_ticket"]},
        )

        assert (first.status_code, second.status_code) == (422, 303)
        assert OpeningKey.objects.get(user_id=ana.user_id, is_active=True).recipient == recipient


class TestListOfBidders:
    def test_says_nothing_of_who_offers_before_the_opening(self, client, tender, at):
        bid = given.submitted_bid(tender)
        before = client.get(page("bidders", tender)).content.decode()
        given.closed_tender(tender)
        closed = client.get(page("bidders", tender)).content.decode()

        for shown in (before, closed):
            assert bid.supplier.name not in shown
            assert bid.code not in shown
