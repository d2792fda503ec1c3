"""The pages, the stream and the API of an auction."""

from datetime import timedelta
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pliego.accounts.models import User
from pliego.auctions import placing, rules, services, signing
from pliego.auctions.models import Auction, Session
from pliego.auctions.tests import given
from pliego.kernel import clock
from pliego.ledger.models import Entry
from pliego.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def auction(at) -> Auction:
    return given.announced(at)


@pytest.fixture
def acting(client_for):
    """Somebody's browser, acting for their account."""

    def of(actor):
        client = client_for(User.objects.get(pk=actor.user_id), Account.objects.get(pk=actor.account_id))
        session = client.session
        session["opened_by"] = "demo"  # a practice session may sign with the practice signature
        session.save()
        return client

    return of


def entered(auction, name, at) -> tuple[Session, ec.EllipticCurvePrivateKey]:
    """The entry of a bidder with a key of their browser."""
    key = ec.generate_private_key(ec.SECP256R1())
    actor = given.tenders.signed(given.bidder(auction, name), at)
    public = signing.exported(key.public_key())
    return placing.enter_auction(actor=actor, tender_id=auction.tender_id, at=at, public_key=public), key


def signed(auction, session, key, amount, name="uno") -> dict:
    told = {"session": session.code, "key": name, "amount": Decimal(amount), "prices": {}}
    text = signing.message(tender=auction.tender.code, lot=None, **told)
    return {"key": name, "amount": amount, "session": session.code, "signature": signing.signed(key, text)}


def secrets_of(auction) -> list[str]:
    """What would tell who a bidder is."""
    rows = auction.participants.select_related("account__organization", "bid")
    return [word for row in rows for word in (row.account.name, row.account.code, row.bid.code)]


class TestPage:
    def test_tells_everybody_how_it_stands_and_nobody_who_bids(self, auction, client, acting):
        given.bid(auction, "carla", "10000000.00", auction.starts_at)
        path = f"/procesos/{auction.tender.code}/subasta/"
        with clock.fixed(auction.starts_at + timedelta(minutes=1)):
            assert client.get(path).url == f"{path}0/"
            pages = [client.get(f"{path}0/"), client.get(f"{path}0/estado/"), client.get(f"{path}0/lances.csv")]
            own = acting(given.bidder(auction, "dario")).get(f"{path}0/").content.decode()
        texts = [b"".join(p.streaming_content).decode() if p.streaming else p.content.decode() for p in pages]

        assert all("10.000.000" in text or "10000000.00" in text for text in texts)
        assert not [word for text in texts for word in secrets_of(auction) if word in text]
        assert "data-own" not in texts[0]
        alias = auction.participants.get(account_id=given.bidder(auction, "dario").account_id).alias
        assert f"Proponente {alias}" in own
        assert "9.900.000" in own

    def test_asks_the_same_number_of_questions_however_many_bids_there_are(
        self, auction, client, django_assert_max_num_queries
    ):
        path, at = f"/procesos/{auction.tender.code}/subasta/0/", auction.starts_at
        for step in range(8):
            given.bid(auction, ("carla", "dario")[step % 2], f"{10_800_000 - step * 200_000}.00", at)
        with clock.fixed(at), django_assert_max_num_queries(14):
            client.get(path)

    def test_takes_a_bid_with_the_second_factor_and_keeps_what_was_typed_when_it_is_refused(self, auction, acting):
        carla = acting(given.bidder(auction, "carla"))
        path = f"/procesos/{auction.tender.code}/subasta/0/lance/"
        with clock.fixed(auction.starts_at):
            assert carla.get(path).status_code == 200
            typed = {"amount": "$ 10.999.999", "key": "uno", "firma-demo": "on"}
            refused = carla.post(path, typed)
            done = carla.post(path, {**typed, "amount": "10.000.000"})

        text = refused.content.decode()
        assert (refused.status_code, "10.999.999" in text, "10.890.000" in text) == (422, True, True)
        assert (done.status_code, done.url) == (303, path.removesuffix("lance/"))
        assert given.now(auction).best_amount == Decimal(10_000_000)

    def test_lets_the_entity_suspend_resume_and_sign_the_minutes(self, auction, acting, at):
        beto = acting(given.beto(auction, at))
        path = f"/procesos/{auction.tender.code}/subasta/0/"
        services.keep_time(auction_id=auction.pk, at=auction.starts_at)
        with clock.fixed(auction.starts_at):
            assert "Suspender" in beto.get(path).content.decode()
            assert beto.post(f"{path}suspender/", {"reason": "Se cayó la red", "resumes_at": ""}).status_code == 303
            assert beto.post(f"{path}reanudar/", {"resumes_at": ""}).status_code == 303
        with clock.fixed(auction.ends_at + rules.SETTLING):
            beto = acting(given.beto(auction, at))
            form = beto.get(f"{path}acta/")
            done = beto.post(f"{path}acta/", {"note": "Sin novedades", "firma-demo": "on"})
            page = beto.get(path).content.decode()

        assert (form.status_code, done.status_code) == (200, 303)
        assert all(word in page for word in secrets_of(auction) if "CTA" not in word)
        assert "Sin novedades" in page


class TestSignedKey:
    def test_signs_bids_without_asking_again_and_serves_for_that_bid_alone(self, auction, acting):
        session, key = entered(auction, "carla", auction.announced_at)
        carla, path = acting(given.bidder(auction, "carla")), f"/api/v1/tenders/{auction.tender.code}/auctions/0/bids"
        body = signed(auction, session, key, "10000000.00")
        with clock.fixed(auction.starts_at):
            forged = carla.post(path, {**body, "amount": "9000000.00"}, content_type="application/json")
            unsigned = carla.post(path, {"key": "uno", "amount": "10000000.00"}, content_type="application/json")
            done = carla.post(path, body, content_type="application/json")
            again = carla.post(path, body, content_type="application/json")

        assert (forged.status_code, forged.json()["errors"][0]["code"]) == (422, "bad_signature")
        assert unsigned.status_code == 403
        assert (done.status_code, done.json()["number"]) == (201, 1)
        assert again.json()["receipt"] == done.json()["receipt"]
        told = Entry.objects.get(act="auction.bid_placed").content["data"]
        assert (told["session"], told["signature"]) == (session.code, body["signature"])
        text = signing.message(
            tender=told["code"], lot=None, session=told["session"], key=told["key"],
            amount=Decimal(told["amount"]), prices={},
        )  # fmt: skip
        assert signing.is_signed(session.public_key, text, told["signature"])

    def test_of_somebody_else_signs_nothing(self, auction):
        session, key = entered(auction, "dario", auction.announced_at)
        told = signed(auction, session, key, "10000000.00")
        with pytest.raises(placing.Refused) as refused:
            given.bid(auction, "carla", told.pop("amount"), auction.starts_at, **told)
        assert [o.code for o in refused.value.objections] == ["bad_signature"]
