"""The whole road of an offer over the API, as a program walks it."""

import io
import json
from datetime import timedelta

import pytest

from pliego.accounts.models import User
from pliego.bidding import sealing
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.parties.models import Account
from pliego.tendering.tests import given as tenders

TOKEN = "demo-custodian"


@pytest.fixture
def api(client_for, settings):
    """`api(actor)(method, path, body)` → (status, JSON), with a fresh step-up."""
    settings.PLIEGO_CUSTODIAN_TOKEN = TOKEN

    def make(actor=None, signed=True):
        user = User.objects.get(pk=actor.user_id) if actor else None
        account = Account.objects.get(pk=actor.account_id) if actor and actor.account_id else None
        client = client_for(user, account)

        def call(method, path, body=None, **headers):
            if signed and user is not None:
                session = client.session
                moment = clock.now().isoformat()
                session["step_up"] = {"method": "demo", "signed_at": moment, "at": moment, "evidence": {}}
                session.save()
            content = body if isinstance(body, bytes) else json.dumps(body or {})
            kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
            answer = client.generic(method, f"/api/v1/{path}", content, content_type=kind, headers=headers)
            return answer.status_code, answer.json()

        return call

    return make


def offered(tender, supplier, call):
    """Seal for what the API says of the process, and send the parts."""
    status, process = call("GET", f"tenders/{tender.code}/sealing")
    assert status == 200

    def put(sha256, part):
        assert call("PUT", f"parts/{sha256}", part)[0] == 200

    contents = sealing.Contents(
        prices={line["key"]: "1000.00" for line in process["price_lines"]},
        attachments=[
            sealing.Attachment(str(item["number"]), "certificado.pdf", io.BytesIO(given.pdf("uno")))
            for item in process["items"]
            if item["kind"] == "file"
        ],
    )
    return sealing.seal(process, supplier.account_code, {process["envelopes"][0]: contents}, put)


class TestTheRoad:
    def test_from_the_process_to_the_list_of_bidders(self, api, tender, carla, people, at):
        supplier = api(carla)
        manifest = offered(tender, carla, supplier)
        names = [part for row in manifest["envelopes"][0]["files"] for part in row["parts"]]
        assert supplier("POST", "parts/missing", {"parts": [*names, "0" * 64]}) == (200, {"missing": ["0" * 64]})

        status, bid = supplier("POST", f"tenders/{tender.code}/bids", {"manifest": manifest})
        assert (status, bid["state"], bid["manifest_sha256"]) == (200, "submitted", sealing.hash_of(manifest))
        assert api()("GET", f"tenders/{tender.code}/bids") == (200, [])
        with clock.fixed(given.after_close(tender)):
            assert api()("POST", f"tenders/{tender.code}/close")[0] == 200
        with clock.fixed(given.opening_time(tender)):
            halves = given.custodian_halves(tender)
            path = f"custodian/tenders/{tender.code}/halves"
            assert api()("POST", path, {"halves": halves})[0] == 403
            status, released = api()("POST", path, {"halves": halves}, **{"X-Pliego-Custodian": TOKEN})
            assert (status, released["released"]) == (200, 1)
            for member in (people.ana, people.beto):
                status, locks = api(member)("GET", f"tenders/{tender.code}/locks")
                assert (status, [lock["bid"] for lock in locks]) == (200, [bid["bid"]])
                shares = given.member_shares(tender, member.user_id)
                assert api(member)("POST", f"tenders/{tender.code}/shares", {"shares": shares})[0] == 200
            status, opened = api(people.beto)("POST", f"tenders/{tender.code}/open")
            assert (status, opened["state"]) == (200, "opened")

        status, listed = api()("GET", f"tenders/{tender.code}/bids")
        assert [(line["supplier"], line["total"]) for line in listed] == [(carla.account_code, "15000.00")]

    def test_of_a_replacement_and_a_withdrawal(self, api, tender, carla):
        supplier = api(carla)
        first = supplier("POST", f"tenders/{tender.code}/bids", {"manifest": offered(tender, carla, supplier)})[1]
        second = supplier("POST", f"tenders/{tender.code}/bids", {"manifest": offered(tender, carla, supplier)})[1]

        status, gone = supplier("POST", f"bids/{second['bid']}/withdraw")

        assert (status, gone["state"]) == (200, "withdrawn")
        states = {bid["bid"]: bid["state"] for bid in supplier("GET", f"tenders/{tender.code}/bids")[1]}
        assert states == {first["bid"]: "replaced", second["bid"]: "withdrawn"}


class TestErrors:
    def test_come_as_a_list_with_field_code_and_sentence(self, api, tender, carla):
        status, answer = api(carla)("POST", f"tenders/{tender.code}/bids", {"manifest": {"v": 1}})

        assert status == 422
        assert [(e["field"], e["code"]) for e in answer["errors"]] == [("manifest", "bad_shape")]
        assert answer["errors"][0]["sentence"]
        assert answer["request_id"]

    def test_say_that_it_is_too_late(self, api, tender, carla):
        supplier = api(carla)
        manifest = offered(tender, carla, supplier)

        with clock.fixed(given.due(tender)):  # days later: in a session of its own
            status, answer = api(carla)("POST", f"tenders/{tender.code}/bids", {"manifest": manifest})

        assert (status, answer["errors"][0]["code"]) == (409, "too_late")

    def test_ask_for_the_signature(self, api, tender, carla):
        manifest = offered(tender, carla, api(carla))

        status, answer = api(carla, signed=False)("POST", f"tenders/{tender.code}/bids", {"manifest": manifest})

        assert (status, answer["errors"][0]["code"]) == (403, "signature_required")

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", "parts/" + "0" * 64, b"x"),
            ("POST", "tenders/{code}/bids", {"manifest": {}}),
            ("GET", "tenders/{code}/locks", None),
            ("POST", "tenders/{code}/shares", {"shares": []}),
            ("POST", "tenders/{code}/open", None),
            ("POST", "opening-keys/challenge", {"recipient": "age1"}),
            ("POST", "custodian/keys", {"keys": []}),
        ],
    )
    def test_keep_strangers_out(self, api, tender, method, path, body):
        assert api()(method, path.format(code=tender.code), body)[0] in {403, 404}

    def test_refuse_unknown_fields(self, api, tender, carla):
        status, answer = api(carla)("POST", f"tenders/{tender.code}/bids", {"manifest": {}, "late": True})

        assert (status, answer["errors"][0]["code"]) == (422, "unknown_field")

    def test_do_not_close_before_the_term(self, api, tender):
        with clock.fixed(given.due(tender) - timedelta(seconds=1)):
            status, answer = api()("POST", f"tenders/{tender.code}/close")

        assert (status, answer["errors"][0]["code"]) == (422, "too_early")


class TestOpeningKeys:
    def test_are_registered_by_whoever_can_open_the_challenge(self, api, people, at):
        import pyrage

        mine = pyrage.x25519.Identity.generate()
        recipient = str(mine.to_public())
        ana = api(people.ana)
        _status, asked = ana("POST", "opening-keys/challenge", {"recipient": recipient})
        answer = pyrage.decrypt(asked["challenge"].encode(), [mine]).decode()

        proof = {"recipient": recipient, "ticket": asked["ticket"]}
        assert ana("POST", "opening-keys", {**proof, "answer": "0" * 32})[0] == 422
        assert api(people.beto)("POST", "opening-keys", {**proof, "answer": answer})[0] == 422
        assert ana("POST", "opening-keys", {**proof, "answer": answer}) == (200, {"recipient": recipient})
        assert tenders.OpeningKey.objects.active_of([people.ana.user_id]) == {people.ana.user_id: recipient}
