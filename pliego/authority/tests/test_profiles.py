"""Profiles, groups and units: what they give, to whom, and until when."""

from datetime import datetime

import pytest

from pliego.authority import configuring
from pliego.authority.rules import GroupData, UnitData
from pliego.authority.tests import given
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.parties import access, queries
from pliego.parties.models import ContractingUnit, Membership
from pliego.parties.tests import given as parties

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at: datetime) -> parties.Cast:
    return parties.cast(at=at)


def roles_of(cast: parties.Cast, name: str) -> frozenset[str]:
    return queries.actor_for(user=cast.person(name), account_id=cast.entity.pk).roles


def unit(cast: parties.Cast, at: datetime, people: tuple[str, ...] = (), **changes: object) -> ContractingUnit:
    told = {"reference": "JUR", "name": "Oficina Jurídica", "municipality": "73001", "people": people, **changes}
    reference = "JUR" if ContractingUnit.objects.filter(account=cast.entity, reference="JUR").exists() else ""
    return configuring.save_unit(actor=cast.beto, data=UnitData(**told), at=at, reference=reference)  # type: ignore[arg-type]


class TestSaveProfile:
    def test_gives_its_roles_beside_the_person_s_own(self, cast: parties.Cast, at: datetime) -> None:
        given.profile(cast.beto, at, people=(given.code("hugo"),))

        assert roles_of(cast, "hugo") == {"treasurer", "evaluator"}

    def test_costs_no_query_more_per_request(
        self, cast: parties.Cast, at: datetime, django_assert_num_queries: object
    ) -> None:
        given.profile(cast.beto, at, people=(given.code("hugo"),))
        user = cast.person("hugo")

        with django_assert_num_queries(0):  # type: ignore[operator]  # the places are read by a plan, not counted
            queries.actor_for(user=user, account_id=cast.entity.pk)

    def test_gives_them_to_whoever_works_in_a_unit(self, cast: parties.Cast, at: datetime) -> None:
        unit(cast, at, (given.code("hugo"),))
        given.profile(cast.beto, at, units=("JUR",))
        before = roles_of(cast, "hugo")

        unit(cast, at, (given.code("gloria"),))

        assert before == {"treasurer", "evaluator"}
        assert roles_of(cast, "hugo") == {"treasurer"}

    def test_a_unit_that_is_closed_gives_nothing(self, cast: parties.Cast, at: datetime) -> None:
        unit(cast, at, (given.code("hugo"),))
        given.profile(cast.beto, at, units=("JUR",))

        unit(cast, at, (given.code("hugo"),), is_active=False)

        assert roles_of(cast, "hugo") == {"treasurer"}

    def test_counts_where_people_with_a_role_are_looked_for(self, cast: parties.Cast, at: datetime) -> None:
        given.profile(cast.beto, at, people=(given.code("hugo"),))

        names = Membership.objects.holding("evaluator").filter(account=cast.entity)

        assert "hugo@pliego.example" in names.values_list("user__email", flat=True)

    def test_is_edited(self, cast: parties.Cast, at: datetime) -> None:
        kept = given.profile(cast.beto, at, people=(given.code("hugo"),))

        given.profile(cast.beto, at, code=kept.code, roles=("supervisor",), people=(given.code("gloria"),))

        assert roles_of(cast, "hugo") == {"treasurer"}
        assert roles_of(cast, "gloria") == {"supervisor", "evaluator"}

    def test_is_written_down_with_everything_it_leaves(self, cast: parties.Cast, at: datetime) -> None:
        kept = given.profile(cast.beto, at, people=(given.code("hugo"),))

        entry = Entry.objects.get(act="profile.saved")
        assert entry.content["data"]["people"] == [given.code("hugo")]
        assert (entry.file, entry.is_public, kept.receipt) == (cast.entity.file, False, entry)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": " "}, "missing"),
            ({"roles": ()}, "role_missing"),
            ({"roles": ("bidder",)}, "role_unknown"),
            ({"roles": ("administrator",)}, "administrator_by_profile"),
            ({"people": ("NADIE",)}, "person_unknown"),
            ({"units": ("NADA",)}, "unit_unknown"),
        ],
    )
    def test_is_refused(self, cast: parties.Cast, at: datetime, changes: dict[str, object], code: str) -> None:
        with pytest.raises(Refused, match=code):
            given.profile(cast.beto, at, **changes)

    def test_is_refused_with_a_name_that_is_taken(self, cast: parties.Cast, at: datetime) -> None:
        given.profile(cast.beto, at)

        with pytest.raises(Refused, match="name_taken"):
            given.profile(cast.beto, at)

    def test_is_refused_to_people_who_could_not_sign(self, cast: parties.Cast, at: datetime) -> None:
        from pliego.accounts.tests import given as people

        user = people.person("nora", second_factor=False, at=at)
        place = access.request_access(actor=parties.actor(user), account_id=cast.entity.pk, at=at)
        access.accept_access(actor=cast.beto, membership_id=place.pk, roles=["evaluator"], at=at)

        with pytest.raises(Refused, match="second_factor_missing"):
            given.profile(cast.beto, at, roles=("approver",), people=(user.code,))

    def test_is_denied_to_whoever_does_not_administer(self, cast: parties.Cast, at: datetime) -> None:
        with pytest.raises(Denied):
            given.profile(cast.ana, at)


class TestDeleteProfile:
    def test_takes_back_what_it_gave(self, cast: parties.Cast, at: datetime) -> None:
        kept = given.profile(cast.beto, at, people=(given.code("hugo"),))

        configuring.delete_profile(actor=cast.beto, code=kept.code, at=at)

        assert roles_of(cast, "hugo") == {"treasurer"}
        with pytest.raises(Unknown):
            configuring.delete_profile(actor=cast.beto, code=kept.code, at=at)

    def test_another_account_s_is_unknown(self, cast: parties.Cast, at: datetime) -> None:
        kept = given.profile(cast.beto, at)

        with pytest.raises(Unknown):
            configuring.delete_profile(actor=cast.carla, code=kept.code, at=at)


class TestGroups:
    def test_keep_people_and_what_each_is_in_them(self, cast: parties.Cast, at: datetime) -> None:
        group = given.group(cast.beto, at, ["ana", "hugo"])
        data = GroupData("Jurídica", members=((given.code("hugo"), "coordina"),), is_active=False)

        changed = configuring.save_group(actor=cast.beto, data=data, at=at, code=group.code)

        assert [(m.place.user.full_name, m.function) for m in changed.members.all()] == [
            (cast.person("hugo").full_name, "coordina")
        ]
        assert not changed.is_active

    def test_take_only_people_of_the_account(self, cast: parties.Cast, at: datetime) -> None:
        with pytest.raises(Refused, match="person_unknown"):
            given.group(cast.beto, at, ["carla"])


class TestLeaving:
    def test_takes_the_person_out_of_everything(self, cast: parties.Cast, at: datetime, run_reactions: object) -> None:
        given.profile(cast.beto, at, people=(given.code("hugo"),))
        group = given.group(cast.beto, at, ["ana", "hugo"])
        place = Membership.objects.get(user=cast.person("hugo"), account=cast.entity)

        access.end_access(actor=cast.beto, membership_id=place.pk, at=at)
        run_reactions()  # type: ignore[operator]
        access.request_access(actor=parties.actor(cast.person("hugo")), account_id=cast.entity.pk, at=at)
        again = access.accept_access(actor=cast.beto, membership_id=place.pk, roles=["treasurer"], at=at)

        assert (roles_of(cast, "hugo"), again.profile_roles) == ({"treasurer"}, [])
        assert [member.place.user.pk for member in group.members.all()] == [cast.person("ana").pk]


class TestUnits:
    def test_keep_place_and_whether_they_buy_or_sell(self, cast: parties.Cast, at: datetime) -> None:
        kept = unit(cast, at, buys=True, sells=True)

        assert (kept.municipality, kept.buys, kept.sells, kept.is_active) == ("73001", True, True, True)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [({"municipality": "99999"}, "municipality_unknown"), ({"reference": "PRINCIPAL"}, "name_taken")],
    )
    def test_are_refused(self, cast: parties.Cast, at: datetime, changes: dict[str, object], code: str) -> None:
        with pytest.raises(Refused, match=code):
            unit(cast, at, **changes)
