"""Acting for another by an act on file: visibly, for a time, as far as it reaches, and never beyond."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pliego.authority import delegating, mandates
from pliego.authority.tests import given
from pliego.kernel import clock
from pliego.kernel.actors import Actor, Signature
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.parties import access
from pliego.parties.models import Membership
from pliego.parties.tests import given as parties
from pliego.tendering import services as tendering
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(at: datetime) -> tenders.Buyer:
    return tenders.buyer(at)


def under(actor: Actor, code: str, at: datetime) -> Actor | None:
    return mandates.acting_under(actor=actor, code=code, at=at)


def hugo_for_beto(of: tenders.Buyer, at: datetime, **changes: Any) -> Actor:
    kept = given.delegation(of.beto, "hugo", at, **changes)
    acting = under(of.hugo, kept.code, at)
    assert acting is not None
    return acting.with_signature(Signature("demo", at))


class TestUse:
    def test_gives_the_delegated_roles_and_no_others(self, of: tenders.Buyer, at: datetime) -> None:
        acting = hugo_for_beto(of, at)

        assert (acting.roles, acting.name) == ({"approver"}, of.hugo.name)
        assert acting.mandate is not None
        assert acting.mandate.grantor_name == of.beto.name

    def test_every_act_says_by_whose_delegation(self, of: tenders.Buyer, at: datetime) -> None:
        acting = hugo_for_beto(of, at)
        tender = tenders.submitted_tender(at, of)

        tendering.publish_tender(actor=acting, tender_id=tender.pk, at=at)

        entry = Entry.objects.get(act="tender.published")
        assert acting.mandate is not None
        assert entry.who["by_delegation_of"] == {
            "code": acting.mandate.code,
            "person": of.beto.user_code,
            "name": of.beto.name,
        }
        assert entry.who["name"] == of.hugo.name
        assert of.beto.name in entry.who_name

    def test_begins_and_ends_at_its_instants(self, of: tenders.Buyer, at: datetime) -> None:
        start, end = at + timedelta(days=1), at + timedelta(days=2)
        code = given.delegation(of.beto, "hugo", at, starts_at=start, ends_at=end).code
        moment = timedelta(microseconds=1)

        held = [under(of.hugo, code, when) is not None for when in (start - moment, start, end - moment, end)]

        assert held == [False, True, True, False]

    def test_ends_at_once_when_it_is_revoked(self, of: tenders.Buyer, at: datetime) -> None:
        kept = given.delegation(of.beto, "hugo", at)

        delegating.revoke_delegation(actor=of.beto, delegation_id=kept.pk, at=at)

        assert under(of.hugo, kept.code, at) is None

    def test_is_nobody_else_s(self, of: tenders.Buyer, at: datetime) -> None:
        kept = given.delegation(of.beto, "hugo", at)

        assert under(of.ana, kept.code, at) is None

    def test_ends_when_the_grantor_loses_the_role_or_the_access(self, of: tenders.Buyer, at: datetime) -> None:
        kept = given.delegation(of.beto, "hugo", at)
        parties.join(of.account, "ana", ["administrator"], by="beto", at=at)
        admin = parties.actor(parties.people.person("ana"), of.account)
        place = Membership.objects.get(user_id=of.beto.user_id, account=of.account)
        access.set_roles(actor=admin, membership_id=place.pk, roles=["administrator"], at=at)
        without_role = under(of.hugo, kept.code, at)
        access.end_access(actor=admin, membership_id=place.pk, at=at)

        assert without_role is not None
        assert (without_role.roles, under(of.hugo, kept.code, at)) == (frozenset(), None)

    def test_does_not_make_one_s_own_work_another_s(self, of: tenders.Buyer, at: datetime) -> None:
        kept = given.delegation(of.beto, "ana", at)
        acting = under(of.ana, kept.code, at)
        tender = tenders.submitted_tender(at, of)
        assert acting is not None

        with pytest.raises(Denied, match="prepar"):
            tendering.publish_tender(actor=acting.with_signature(Signature("demo", at)), tender_id=tender.pk, at=at)

    def test_reaches_only_the_acts_that_it_names(self, of: tenders.Buyer, at: datetime) -> None:
        acting = hugo_for_beto(of, at, kinds=("award",))
        tender = tenders.submitted_tender(at, of)

        with pytest.raises(Denied):
            tendering.publish_tender(actor=acting, tender_id=tender.pk, at=at)
        assert not POLICY.verdict(acting, Act.RETURN, tender)
        assert POLICY.verdict(acting, Act.READ_DRAFT, tender)

    def test_reaches_only_its_limit(self, of: tenders.Buyer, at: datetime) -> None:
        tender = tenders.submitted_tender(at, of)
        acting = hugo_for_beto(of, at, limit=Decimal("39999999.99"))

        with pytest.raises(Denied):
            tendering.publish_tender(actor=acting, tender_id=tender.pk, at=at)

        enough = hugo_for_beto(of, at, limit=Decimal(40_000_000))
        assert tendering.publish_tender(actor=enough, tender_id=tender.pk, at=at).state == "published"


class TestGrant:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"roles": ()}, "role_missing"),
            ({"roles": ("treasurer",)}, "role_not_held"),
            ({"roles": ("administrator",)}, "role_not_delegable"),
            ({"kinds": ("opening",)}, "kind_unknown"),
            ({"limit": Decimal(0)}, "limit_wrong"),
            ({"ends_at": datetime.fromisoformat("2026-03-02T09:00:00-05:00")}, "ends_before_it_starts"),
            ({"delegate": "NADIE"}, "person_unknown"),
        ],
    )
    def test_is_refused(self, of: tenders.Buyer, at: datetime, changes: dict[str, Any], code: str) -> None:
        with pytest.raises(Refused, match=code):
            given.delegation(of.beto, "hugo", at, **changes)

    def test_to_oneself_is_refused(self, of: tenders.Buyer, at: datetime) -> None:
        with pytest.raises(Refused, match="delegates_to_oneself"):
            given.delegation(of.beto, "beto", at)

    def test_of_what_one_has_by_delegation_is_denied(self, of: tenders.Buyer, at: datetime) -> None:
        acting = hugo_for_beto(of, at)

        with pytest.raises(Denied, match="489"):
            given.delegation(acting, "gloria", at)

    def test_keeps_the_act_on_file(self, of: tenders.Buyer, at: datetime) -> None:
        kept = given.delegation(of.beto, "hugo", at)

        entry = Entry.objects.get(act="delegation.granted")
        assert entry.documents == [kept.document.sha256]
        assert kept.document.audience == "account"

    def test_needs_a_signature(self, of: tenders.Buyer, at: datetime) -> None:
        from pliego.authority.rules import DelegationData
        from pliego.kernel.objections import SignatureRequired

        data = DelegationData(given.code("hugo"), ("approver",), at, at + timedelta(days=1))
        with pytest.raises(SignatureRequired):
            delegating.grant_delegation(actor=of.beto, data=data, document=parties.upload(), at=at)


class TestRevoke:
    def test_is_denied_to_the_delegate(self, of: tenders.Buyer, at: datetime) -> None:
        kept = given.delegation(of.beto, "hugo", at)

        with pytest.raises(Denied):
            delegating.revoke_delegation(actor=of.hugo, delegation_id=kept.pk, at=at)


class TestRequests:
    """Over HTTP: taken up in a session, or named by a request of the API."""

    def test_a_session_acts_by_it_until_it_ends(self, of: tenders.Buyer, at: datetime, client_for: Any) -> None:
        kept = given.delegation(of.beto, "hugo", at)
        client = client_for(parties.people.person("hugo"), of.account)
        client.post("/escritorio/cuenta/delegaciones/usar/", {"delegation": kept.code})
        page = client.get("/escritorio/").content.decode()
        with clock.fixed(kept.ends_at):
            after = client.get("/escritorio/", follow=True).content.decode()

        assert of.beto.name in page
        assert "data-mandate" in page
        assert "data-mandate" not in after

    def test_another_s_cannot_be_taken_up(self, of: tenders.Buyer, at: datetime, client_for: Any) -> None:
        kept = given.delegation(of.beto, "hugo", at)
        client = client_for(parties.people.person("ana"), of.account)

        answer = client.post("/escritorio/cuenta/delegaciones/usar/", {"delegation": kept.code})

        assert answer.status_code == 404
        assert "delegation" not in client.session

    def test_a_request_of_the_api_that_names_one_not_in_force_is_refused(
        self, of: tenders.Buyer, at: datetime, client_for: Any
    ) -> None:
        kept = given.delegation(of.beto, "hugo", at)
        client = client_for(parties.people.person("hugo"), of.account)
        used = client.get("/api/v1/tasks", headers={"Pliego-Delegation": kept.code})
        delegating.revoke_delegation(actor=of.beto, delegation_id=kept.pk, at=at)

        refused = client.get("/api/v1/tasks", headers={"Pliego-Delegation": kept.code})

        assert (used.status_code, refused.status_code) == (200, 403)
        assert refused.json()["errors"][0]["code"] == "delegation_not_in_force"
