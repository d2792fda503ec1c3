"""Places offered by mail, and administrators appointed by two."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from pliego.accounts.tests import given as people
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.parties import access, invites, queries
from pliego.parties.models import Appointment, Invite
from pliego.parties.tests import given


@pytest.fixture
def cast(db, at):
    return given.cast(at=at)


def sent(cast, at, email="eva@pliego.example", roles=("preparer",)):
    """The token that a mail carried."""
    invites.invite(actor=cast.beto, account_id=cast.entity.pk, email=email, roles=roles, at=at)
    assert mail.outbox[-1].to == [email]
    return re.search(r"/acceso/invitacion/([\w-]+)/", mail.outbox[-1].body)[1]


class TestInvite:
    def test_gives_the_place_to_whoever_reads_the_mailbox(self, cast, at):
        token = sent(cast, at)

        place = invites.take(actor=given.actor(people.person("eva")), token=token, at=at)

        assert (place.state, place.roles) == ("accepted", ["preparer"])
        with pytest.raises(Unknown):
            invites.take(actor=given.actor(people.person("fabio")), token=token, at=at)

    def test_is_over_after_its_days(self, cast, at):
        token = sent(cast, at)

        with pytest.raises(Unknown):
            invites.take(actor=given.actor(people.person("eva")), token=token, at=at + timedelta(days=15))

    def test_can_be_declined_and_withdrawn(self, cast, at):
        invites.decline(token=sent(cast, at), actor=given.actor(people.person("eva")), at=at)
        token = sent(cast, at)
        invites.withdraw(actor=cast.beto, invite_id=Invite.objects.get(state="sent").pk, at=at)

        with pytest.raises(Unknown):
            invites.for_token(token, at)

    @pytest.mark.parametrize(
        ("email", "roles", "code"),
        [
            ("no", ["preparer"], "email_wrong"),
            ("eva@pliego.example", [], "role_missing"),
            ("eva@pliego.example", ["bidder"], "role_does_not_fit"),
            ("ana@pliego.example", ["preparer"], "already_in"),
        ],
    )
    def test_is_refused(self, cast, at, email, roles, code):
        with pytest.raises(Refused, match=code):
            sent(cast, at, email, roles)

    def test_is_for_administrators(self, cast, at):
        with pytest.raises(Denied):
            invites.invite(actor=cast.ana, account_id=cast.entity.pk, email="e@x.example", roles=["preparer"], at=at)

    def test_needs_a_second_factor_for_roles_that_sign(self, cast, at):
        token = sent(cast, at, roles=["approver"])

        with pytest.raises(Refused, match="second_factor_missing"):
            invites.take(actor=given.actor(people.person("eva", second_factor=False)), token=token, at=at)


class TestAdministrators:
    def proposed(self, cast, at):
        place = cast.person("ana").memberships.get()
        told = {"membership_id": place.pk, "roles": ["preparer", "administrator"], "at": at}
        access.set_roles(actor=cast.beto, **told)
        return Appointment.objects.get()

    def test_are_appointed_by_two(self, cast, at):
        given.join(cast.entity, "gloria", ["approver"], by="beto", at=at)
        appointment = self.proposed(cast, at)
        assert given.actor(cast.person("ana"), cast.entity).roles == {"preparer"}
        for same in (cast.beto, given.actor(cast.person("ana"), cast.entity)):
            with pytest.raises((Refused, Denied)):
                access.confirm_administrator(actor=same, appointment_id=appointment.pk, at=at)
        with pytest.raises(Refused, match="account_confirms"):
            access.confirm_administrator(actor=cast.ines, appointment_id=appointment.pk, at=at)
        gloria = given.actor(cast.person("gloria"), cast.entity)
        assert [t.subject for t in queries.tasks_for(gloria, at)] == [f"Ana De Prueba · {cast.entity.name}"]

        access.confirm_administrator(actor=gloria, appointment_id=appointment.pk, at=at)

        assert given.actor(cast.person("ana"), cast.entity).roles == {"preparer", "administrator"}

    def test_are_confirmed_by_the_desk_where_there_is_nobody_else(self, cast, at):
        appointment = self.proposed(cast, at)

        assert list(queries.appointments_for_the_desk()) == [appointment]
        access.confirm_administrator(actor=cast.ines, appointment_id=appointment.pk, at=at)

        assert "administrator" in given.actor(cast.person("ana"), cast.entity).roles

    def test_can_be_refused(self, cast, at):
        appointment = self.proposed(cast, at)

        access.refuse_administrator(actor=cast.ines, appointment_id=appointment.pk, at=at)

        assert "administrator" not in given.actor(cast.person("ana"), cast.entity).roles

    def test_are_not_confirmed_by_people_of_others(self, cast, at):
        with pytest.raises(Unknown):
            access.confirm_administrator(actor=cast.carla, appointment_id=self.proposed(cast, at).pk, at=at)
