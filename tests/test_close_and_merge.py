"""Closing one's user, merging two registrations of one person, and the warnings of inactivity."""

from datetime import timedelta

import pytest
from django.core import mail

from pliego.accounts import closing, inactivity, merging, services, ties
from pliego.accounts.models import AccessRecord, InactivityWarning, Merger, User
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.actors import Signature
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties.models import Membership
from pliego.parties.tests import given as parties

WHY = "Misma persona: cédula de extranjería y cédula de ciudadanía."


def signed(user):
    return services.as_actor(user).with_signature(Signature("totp", clock.now(), {}))


class TestClose:
    def test_ends_the_user_and_keeps_what_they_did(self, client_for, at, db):
        fabio = given.person("fabio")
        client = client_for(fabio)

        closing.close(actor=signed(fabio), at=at)

        fabio.refresh_from_db()
        assert (fabio.is_active, fabio.closed_at) == (False, at)
        assert client.get("/cuenta/").status_code == 302
        assert Entry.objects.filter(act="person.closed", actor_user_id=fabio.pk).exists()
        again = given.typed("fabio")
        services.begin_registration(person=again)
        assert not any(letter.isdigit() for letter in mail.outbox[-1].subject)

    def test_is_refused_with_access_in_an_account(self, at, db):
        carla = User.objects.get(pk=parties.cast(at=at).carla.user_id)

        with pytest.raises(Refused, match="still_tied"):
            closing.close(actor=signed(carla), at=at)
        assert len(closing.objections(carla, at)) == 1

    def test_needs_the_signature_and_no_suspension(self, at, db):
        fabio = given.person("fabio")
        with pytest.raises(SignatureRequired):
            closing.close(actor=services.as_actor(fabio), at=at)
        given.suspended(fabio)
        with pytest.raises(Refused, match="suspended"):
            closing.close(actor=signed(fabio), at=at)


class TestMerge:
    @pytest.fixture
    def two(self, at, db):
        cast = parties.cast(at=at)
        return given.person("clara"), User.objects.get(pk=cast.carla.user_id)

    def propose(self, two, at, **changes):
        told = {"registration": two[0].code, "duplicate": two[1].code, "reason": WHY, "files": [given.paper()]}
        return merging.open_merger(actor=given.of_the_desk("ines"), at=at, **{**told, **changes})

    def test_moves_the_places_and_leaves_the_log_and_the_old_code_leads_to_the_new(self, two, at, client_for):
        kept, duplicate = two
        acts = list(Entry.objects.filter(actor_user_id=duplicate.pk).values_list("leaf", flat=True))
        merger = self.propose(two, at)
        merging.approve(actor=given.of_the_desk("irma"), code=merger.code, at=at)
        assert not Membership.objects.filter(user=kept).exists()

        done = merging.approve(actor=given.of_the_desk("ivan"), code=merger.code, at=at)

        place = Membership.objects.get(user=kept)
        assert (place.state, done.moved) == ("accepted", [f"place:{place.account.code}"])
        duplicate.refresh_from_db()
        assert (duplicate.is_active, duplicate.merged_into) == (False, kept)
        assert list(Entry.objects.filter(actor_user_id=duplicate.pk).values_list("leaf", flat=True)) == acts
        assert merging.person_called(duplicate.code) == kept
        irma = client_for(User.objects.get(email="irma@pliego.example"))
        assert irma.get(f"/mesa/personas/{duplicate.code}/")["Location"] == f"/mesa/personas/{kept.code}/"

    def test_joins_the_roles_where_both_have_a_place(self, two, at):
        kept, duplicate = two
        theirs = Membership.objects.get(user=duplicate)
        Membership.objects.create(user=kept, account=theirs.account, requested_at=at)
        merger = self.propose(two, at)
        for name in ("irma", "ivan"):
            merging.approve(actor=given.of_the_desk(name), code=merger.code, at=at)

        place = Membership.objects.get(user=kept)
        assert (place.state, set(place.roles)) == ("accepted", set(theirs.roles))
        assert Membership.objects.get(user=duplicate).state == "cancelled"

    def test_is_refused_when(self, two, at):
        for changes, code in (
            ({"duplicate": two[0].code}, "same_person"),
            ({"registration": "NADIE"}, "person_unknown"),
            ({"reason": "sí"}, "reason_missing"),
            ({"files": []}, "evidence_missing"),
        ):
            with pytest.raises(Refused, match=code):
                self.propose(two, at, **changes)

    def test_takes_two_others_and_is_not_for_anybody(self, two, at):
        merger = self.propose(two, at)
        with pytest.raises(Denied):
            merging.approve(actor=given.of_the_desk("ines"), code=merger.code, at=at)
        with pytest.raises(Unknown):
            merging.approve(actor=signed(two[0]), code=merger.code, at=at)
        merging.reject(actor=given.of_the_desk("irma"), code=merger.code, reason="Son dos personas.", at=at)
        assert Merger.objects.get().state == "rejected"


class TestInactivity:
    @pytest.fixture
    def fabio(self, at, db):
        return given.person("fabio")

    def later(self, at, months, **more):
        return clock.fixed(inactivity.months_from(at, months) + timedelta(**more))

    def test_warns_at_nine_and_eleven_months_once_and_suspends_nobody(self, fabio, at):
        with self.later(at, 9, hours=-1):
            assert inactivity.warn_all(clock.now()) == 0
        for months in (9, 11, 12):
            with self.later(at, months, hours=1):
                assert inactivity.warn_all(clock.now()) == 1
                assert inactivity.warn_all(clock.now()) == 0

        fabio.refresh_from_db()
        assert fabio.is_active
        assert fabio.suspension is None
        assert list(InactivityWarning.objects.order_by("months").values_list("months", flat=True)) == [9, 11, 12]
        with self.later(at, 12, hours=1):
            assert list(inactivity.a_year_quiet(clock.now())) == [fabio]

    def test_counts_again_from_the_last_sign_in(self, fabio, at):
        with self.later(at, 8):
            AccessRecord.objects.create(user=fabio, kind="sign_in", at=clock.now())
        with self.later(at, 9, days=1):
            assert inactivity.warn_all(clock.now()) == 0
        with self.later(at, 17, days=1):
            assert inactivity.warn_all(clock.now()) == 1

    def test_never_while_something_of_theirs_is_open(self, fabio, at, monkeypatch):
        monkeypatch.setitem(ties._ties[ties.LIVE], "test", lambda user_id, moment: ["un contrato vive"])

        with self.later(at, 13):
            assert inactivity.warn_all(clock.now()) == 0
            assert list(inactivity.a_year_quiet(clock.now())) == []
