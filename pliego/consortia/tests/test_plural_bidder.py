"""A plural bidder from its first name to its offers, and everything that stops it."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given as any_of
from hypothesis import strategies as some

from pliego.accounts.tests import given as people
from pliego.consortia import queries, rules, services, tasks
from pliego.consortia.models import Group, Member
from pliego.consortia.policy import POLICY, Act
from pliego.consortia.services import Part
from pliego.consortia.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties


@pytest.fixture
def carla(db, at):
    return given.bidder("carla", at)


@pytest.fixture
def dario(db, at):
    return given.bidder("dario", at)


class TestPutTogether:
    def test_opens_an_account_that_needs_no_nit_and_that_nobody_sees(self, carla, dario, at):
        group = services.put_together(actor=carla, kind="temporary_union", name="Unión Puente Nuevo", at=at)

        assert (group.state, group.account.state) == ("draft", "draft")
        assert group.account.organization.scheme == "PLG-PLURAL"
        assert group.account.name == "UNION PUENTE NUEVO"
        assert not Group.objects.visible_to(dario).exists()

    @pytest.mark.parametrize(("told", "code"), [({"kind": "sas"}, "not_an_option"), ({"name": "x"}, "missing")])
    def test_is_refused(self, carla, at, told, code):
        with pytest.raises(Refused, match=code):
            services.put_together(actor=carla, at=at, **{"kind": "consortium", "name": "Consorcio", **told})

    def test_is_for_suppliers(self, db, at):
        with pytest.raises(Denied):
            services.put_together(actor=parties.cast(at=at).ana, kind="consortium", name="Consorcio", at=at)


class TestTerms:
    @pytest.mark.parametrize(
        ("shares", "code"), [(("60", "40.000001"), "shares_not_100"), (("33.333333", "66.666666"), "shares_not_100")]
    )
    def test_must_add_up_to_exactly_100(self, carla, at, shares, code):
        group = given.draft(at, shares=shares)

        with pytest.raises(Refused, match=code):
            services.send(actor=carla, group_id=group.pk, at=at)

    @any_of(some.lists(some.decimals("0.000001", "99.999999", places=6), min_size=2, max_size=8))
    def test_are_exact_whatever_the_shares(self, shares):
        whole = sum(shares, Decimal(0)) == 100

        assert (not list(rules.shares_do_not_add_up(shares))) == whole
        rest = Decimal(100) - sum(shares[:-1], Decimal(0))
        assert not list(rules.shares_do_not_add_up([*shares[:-1], rest]))

    def test_name_what_is_missing_at_once(self, carla, at):
        group = services.put_together(actor=carla, kind="consortium", name="Consorcio", at=at)

        with pytest.raises(Refused) as refused:
            services.send(actor=carla, group_id=group.pk, at=at)

        assert {o.code for o in refused.value.objections} == {
            "too_few_members", "promoter_missing", "document_missing",
        }  # fmt: skip
        assert {o.legal_basis for o in refused.value.objections} == {rules.LAW}

    def test_of_a_temporary_union_say_what_each_member_does(self, carla, dario, at):
        group = given.draft(at, kind="temporary_union")
        services.set_terms(
            actor=carla, group_id=group.pk, parts=given.parts(carla, dario, activities=" "), at=at,
            representative="carla@pliego.example",
        )  # fmt: skip

        with pytest.raises(Refused, match="activities_missing"):
            services.send(actor=carla, group_id=group.pk, at=at)

    def test_take_only_active_suppliers_once_each(self, carla, at):
        group = services.put_together(actor=carla, kind="consortium", name="Consorcio", at=at)
        entity = parties.entity(at=at)
        wrong = [
            Part(carla.account_code, Decimal(50)),
            Part(carla.account_code, Decimal(30)),
            Part(entity.code, Decimal(20)),
        ]

        with pytest.raises(Refused) as refused:
            services.set_terms(
                actor=carla, group_id=group.pk, parts=wrong, representative="carla@pliego.example", at=at
            )

        assert {(o.code, o.field) for o in refused.value.objections} == {
            ("repeated_member", "supplier-1"), ("not_a_supplier", "supplier-2"),
        }  # fmt: skip

    @pytest.mark.parametrize("email", ["nadie@pliego.example", "fabio@pliego.example"])
    def test_are_represented_by_a_person_of_a_member(self, carla, dario, at, email):
        people.person("fabio")
        group = services.put_together(actor=carla, kind="consortium", name="Consorcio", at=at)

        with pytest.raises(Refused, match="representative_unknown"):
            services.set_terms(
                actor=carla, group_id=group.pk, parts=given.parts(carla, dario), representative=email, at=at
            )


class TestSend:
    def test_asks_the_members_and_accepts_for_who_signs(self, carla, dario, at):
        group = given.invited(at)

        states = {m.supplier_id: m.state for m in group.members.all()}
        assert states == {carla.account_id: "accepted", dario.account_id: "invited"}
        assert [task.subject for task in queries.tasks_for(dario, at)] == [group.account.name]
        assert group.document.name in [d.name for d in type(group.document).objects.visible_to(dario)]
        assert Entry.objects.get(act="plural.invited").content["data"]["members"][0]["share"] == "60.000000"

    def test_needs_a_signature(self, carla, at):
        group = given.draft(at)

        with pytest.raises(SignatureRequired):
            services.send(actor=carla.with_signature(None), group_id=group.pk, at=at)


class TestAnswer:
    def test_the_last_one_makes_it_active_with_its_representative(self, carla, at):
        group = given.active(at)

        assert (group.state, group.account.state) == ("active", "active")
        acting = parties.actor(people.person("carla"), group.account)
        assert acting.roles == {"administrator", "bidder", "representative"}
        assert acting.is_supplier
        entry = Entry.objects.get(act="plural.activated")
        assert entry.is_public
        assert [m["share"] for m in entry.content["data"]["members"]] == ["60.000000", "40.000000"]

    def test_a_refusal_stops_it_until_the_terms_change(self, carla, dario, at):
        group = given.invited(at)
        services.refuse(actor=dario, group_id=group.pk, reason="El 40 % no alcanza", at=at)
        group.refresh_from_db()
        assert group.state == "refused"

        group = services.set_terms(
            actor=carla, group_id=group.pk, parts=given.parts(carla, dario, shares=("50", "50")), at=at,
            representative="dario@pliego.example",
        )  # fmt: skip

        assert (group.state, group.version) == ("draft", 2)
        assert {m.state for m in group.members.all()} == {"listed"}
        services.send(actor=carla, group_id=group.pk, at=at)
        assert services.accept(actor=dario, group_id=group.pk, at=at).state == "active"

    def test_changing_the_terms_undoes_every_answer(self, carla, dario, at):
        group = given.invited(at)
        services.set_terms(
            actor=carla, group_id=group.pk, parts=given.parts(carla, dario, shares=("70", "30")), at=at,
            representative="carla@pliego.example",
        )  # fmt: skip

        with pytest.raises((Denied, Unknown)):
            services.accept(actor=dario, group_id=group.pk, at=at)

    def test_is_refused_when_the_invitation_is_over(self, dario, at):
        group = given.invited(at)

        with pytest.raises(Refused, match="invitation_over"):
            services.accept(actor=dario, group_id=group.pk, at=at + timedelta(days=15))

    def test_is_refused_without_a_reason(self, dario, at):
        with pytest.raises(Refused, match="reason_missing"):
            services.refuse(actor=dario, group_id=given.invited(at).pk, reason=" ", at=at)

    def test_is_of_those_who_sign_for_a_member(self, carla, at):
        group = given.invited(at)
        eva = given.bidder("eva", at)

        with pytest.raises(Unknown):
            services.accept(actor=eva, group_id=group.pk, at=at)
        with pytest.raises(Refused, match="wrong_state"):
            services.accept(actor=carla, group_id=group.pk, at=at)


class TestEnd:
    def test_an_invitation_that_expired_lapses_by_itself(self, db, at):
        group = given.invited(at)
        tasks.lapse_overdue(0)
        group.refresh_from_db()
        assert group.state == "invited"

        with clock.fixed(at + rules.INVITATION):
            tasks.lapse_overdue(0)

        group.refresh_from_db()
        assert group.state == "lapsed"

    def test_can_be_dropped_before_and_dissolved_after(self, carla, at):
        assert services.drop(actor=carla, group_id=given.draft(at).pk, at=at).state == "dropped"
        group = given.active(at)
        acting = parties.actor(people.person("carla"), group.account)

        ended = services.dissolve(actor=acting, group_id=group.pk, at=at)

        assert (ended.state, ended.account.state) == ("dissolved", "suspended")

    def test_is_dissolved_only_by_itself(self, carla, at):
        with pytest.raises(Denied):
            services.dissolve(actor=carla, group_id=given.active(at).pk, at=at)


class TestVisibility:
    def test_the_table_and_the_queryset_agree(self, carla, dario, at):
        eva = given.bidder("eva", at)
        everybody = [carla, dario, eva, parties.desk(at=at), parties.actor(people.person("fabio"))]
        groups = [given.draft(at), given.invited(at, names=("dario", "carla")), given.active(at)]

        for actor in everybody:
            seen = set(Group.objects.visible_to(actor))
            assert seen == {g for g in Group.objects.all() if POLICY.verdict(actor, Act.VIEW, g)}, actor.name
        assert set(Group.objects.visible_to(eva)) == {groups[2]}


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_members_who_accept_at_once_make_one_activation(self, at):
        names = ("carla", "dario", "eva")
        group = given.invited(at, names=names, shares=("33.333334", "33.333333", "33.333333"))
        actors = [given.bidder(name, at) for name in names[1:]]
        start, faults = Barrier(2), []

        def accept(actor):
            try:
                start.wait()
                services.accept(actor=actor, group_id=group.pk, at=at)
            except Exception as fault:
                faults.append(repr(fault))
            finally:
                connection.close()

        both = [Thread(target=accept, args=(actor,)) for actor in actors]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()

        group.refresh_from_db()
        assert not faults
        assert group.state == "active"
        assert {m.state for m in Member.objects.filter(group=group)} == {"accepted"}
        assert Entry.objects.filter(act="plural.activated", file=group.account.file).count() == 1
