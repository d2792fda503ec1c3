"""People's places in an account."""

import pytest

from pliego.accounts.tests import given as people
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.parties import access, queries
from pliego.parties.models import Membership
from pliego.parties.tests import given


@pytest.fixture
def entity(db, at):
    return given.entity(at=at)


@pytest.fixture
def beto(entity):
    return given.actor(people.person("beto"), entity)


@pytest.fixture
def asked(entity, at):
    eva = given.actor(people.person("eva"))
    return access.request_access(actor=eva, account_id=entity.pk, note="  Abogada  de compras ", at=at)


class TestRequestAccess:
    def test_waits_for_the_administrators(self, asked, beto, at):
        assert (asked.state, asked.note, asked.roles) == ("pending", "Abogada de compras", [])
        assert [task.subject for task in queries.tasks_for(beto, at)] == ["Eva De Prueba"]
        assert Entry.objects.filter(act="access.requested", file=asked.account.file).exists()

    def test_gives_nothing_yet(self, asked, entity):
        assert given.actor(people.person("eva"), entity).account_id is None

    def test_is_refused_twice(self, asked, at):
        eva = given.actor(people.person("eva"))

        with pytest.raises(Refused, match="already_done"):
            access.request_access(actor=eva, account_id=asked.account_id, at=at)

    def test_is_denied_to_who_has_not_signed_in(self, entity, at):
        with pytest.raises(Denied):
            access.request_access(actor=ANYONE, account_id=entity.pk, at=at)


class TestAnswer:
    def test_accepts_with_roles(self, asked, beto, entity, at):
        access.accept_access(actor=beto, membership_id=asked.pk, roles=["preparer"], at=at)

        assert given.actor(people.person("eva"), entity).roles == {"preparer"}
        assert Entry.objects.get(act="access.accepted", subject_id=asked.pk).content["data"]["roles"] == ["preparer"]

    @pytest.mark.parametrize(
        ("roles", "code"), [([], "role_missing"), (["king"], "role_unknown"), (["bidder"], "role_does_not_fit")]
    )
    def test_is_refused_with_roles_that_do_not_fit(self, asked, beto, at, roles, code):
        with pytest.raises(Refused, match=code):
            access.accept_access(actor=beto, membership_id=asked.pk, roles=roles, at=at)

    def test_gives_no_role_that_signs_to_who_cannot_sign(self, entity, beto, at):
        ivo = given.actor(people.person("ivo", second_factor=False))
        place = access.request_access(actor=ivo, account_id=entity.pk, at=at)

        with pytest.raises(Refused, match="second_factor_missing"):
            access.accept_access(actor=beto, membership_id=place.pk, roles=["approver"], at=at)

        assert access.accept_access(actor=beto, membership_id=place.pk, roles=["control"], at=at).state == "accepted"

    def test_rejects_and_reverts_what_was_a_mistake(self, asked, beto, at):
        rejected = access.reject_access(actor=beto, membership_id=asked.pk, reason="No la conocemos", at=at)
        assert (rejected.state, rejected.note) == ("rejected", "No la conocemos")

        assert access.revert_rejection(actor=beto, membership_id=asked.pk, at=at).state == "pending"

    def test_is_denied_to_who_does_not_administer(self, asked, entity, at):
        ana = given.actor(people.person("ana"), entity)

        with pytest.raises(Denied):
            access.accept_access(actor=ana, membership_id=asked.pk, roles=["preparer"], at=at)

    def test_does_not_exist_for_administrators_of_other_accounts(self, asked, at):
        carla = given.actor(people.person("carla"), given.supplier("carla", at=at))

        with pytest.raises(Unknown):
            access.accept_access(actor=carla, membership_id=asked.pk, roles=["preparer"], at=at)


class TestChange:
    def test_takes_roles_away_at_once(self, entity, beto, at):
        place = Membership.objects.get(user=people.person("ana"))

        access.set_roles(actor=beto, membership_id=place.pk, roles=["evaluator"], at=at)

        assert given.actor(people.person("ana"), entity).roles == {"evaluator"}

    def test_never_leaves_the_account_without_administrator(self, entity, beto, at):
        place = Membership.objects.get(user=people.person("beto"))

        with pytest.raises(Refused, match="last_administrator"):
            access.set_roles(actor=beto, membership_id=place.pk, roles=["approver"], at=at)
        with pytest.raises(Refused, match="last_administrator"):
            access.end_access(actor=beto, membership_id=place.pk, at=at)

    def test_ends_an_access_and_the_person_may_ask_again(self, entity, beto, at):
        place = Membership.objects.get(user=people.person("ana"))
        access.end_access(actor=beto, membership_id=place.pk, at=at)
        ana = given.actor(people.person("ana"), entity)
        assert ana.account_id is None

        assert access.request_access(actor=ana, account_id=entity.pk, at=at).state == "pending"
