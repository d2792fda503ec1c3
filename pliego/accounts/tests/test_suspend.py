"""Suspending a person: two approvers, a person who is told and answers, and what stays open to them."""

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection

from pliego.accounts import misuse, services, suspending
from pliego.accounts.models import Suspension, User
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry

SAID = "El informe de la aseguradora era de otra póliza, como prueba el anexo."


@pytest.fixture
def carla(db, at):
    return given.person("carla")


@pytest.fixture
def desk(db, at):
    return [given.of_the_desk(name) for name in ("ines", "irma", "ivan")]


@pytest.fixture
def opened(carla, desk, at):
    return suspending.open_suspension(actor=desk[0], told=given.proposal(carla), at=at)


class TestTheClosedList:
    def test_has_the_three_grounds_and_the_eight_events_of_the_terms(self):
        assert [ground.letter for ground in misuse.GROUNDS.values()] == ["a", "b", "c"]
        assert [event.number for event in misuse.MISUSES.values()] == list(range(1, 9))


class TestOpen:
    def test_changes_nothing_for_the_person_and_tells_only_the_desk(self, opened, carla):
        carla.refresh_from_db()

        assert opened.state == "proposed"
        assert services.as_actor(carla).suspension == ""
        entry = Entry.objects.get(act="suspension.proposed")
        assert entry.file == f"suspension:{opened.code}"
        assert len(entry.documents) == 1
        assert not Entry.objects.visible_to(services.as_actor(carla)).filter(pk=entry.pk).exists()
        assert not Suspension.objects.visible_to(services.as_actor(carla)).exists()

    @pytest.mark.parametrize(("changes", "code"), [
        ({"ground": "because"}, "ground_unknown"),
        ({"kind": "for_ever"}, "kind_unknown"),
        ({"misuse": ""}, "misuse_unknown"),
        ({"ground": "inactivity"}, "misuse_unknown"),
        ({"asked_by": " "}, "who_asked"),
        ({"ground": "identity_theft", "misuse": ""}, "decision_missing"),
        ({"kind": "definitive", "until": None}, "decision_missing"),
        ({"reason": "porque sí"}, "reason_missing"),
        ({"evidence": []}, "evidence_missing"),
        ({"until": None}, "term_wrong"),
        ({"person": "NADIE"}, "person_unknown"),
    ])  # fmt: skip
    def test_is_refused_when(self, carla, desk, at, changes, code):
        with pytest.raises(Refused, match=code):
            suspending.open_suspension(actor=desk[0], told=given.proposal(carla, **changes), at=at)

    def test_is_refused_when_one_is_open(self, opened, carla, desk, at):
        with pytest.raises(Refused, match="already_done"):
            suspending.open_suspension(actor=desk[1], told=given.proposal(carla), at=at)

    def test_is_for_the_desk_and_never_about_oneself(self, carla, desk, at):
        with pytest.raises(Unknown):
            suspending.open_suspension(actor=services.as_actor(carla), told=given.proposal(carla), at=at)
        ines = User.objects.get(pk=desk[0].user_id)
        with pytest.raises(Denied):
            suspending.open_suspension(actor=desk[0], told=given.proposal(ines), at=at)
        with pytest.raises(SignatureRequired):
            suspending.open_suspension(actor=desk[0].with_signature(None), told=given.proposal(carla), at=at)


class TestApprove:
    def test_takes_two_other_people(self, opened, carla, desk, at):
        with pytest.raises(Denied):
            suspending.approve(actor=desk[0], code=opened.code, at=at)
        suspending.approve(actor=desk[1], code=opened.code, at=at)
        carla.refresh_from_db()
        assert services.as_actor(carla).suspension == ""
        with pytest.raises(Refused, match="already_done"):
            suspending.approve(actor=desk[1], code=opened.code, at=at)

        suspending.approve(actor=desk[2], code=opened.code, at=at)

        carla.refresh_from_db()
        said = str(services.as_actor(carla).suspension)
        assert opened.code in said
        assert Entry.objects.visible_to(services.as_actor(carla)).filter(act="suspension.in_force").exists()

    def test_not_of_who_is_concerned(self, carla, desk, at):
        User.objects.filter(pk=carla.pk).update(platform_roles=["operator"])
        told = suspending.open_suspension(actor=desk[0], told=given.proposal(carla), at=at)

        with pytest.raises(Denied):
            suspending.approve(actor=given.of_the_desk("carla"), code=told.code, at=at)

    @pytest.mark.django_db(transaction=True)
    def test_two_at_the_same_moment_put_it_in_force_once_and_one_person_twice_does_not(self, at):
        carla = given.person("carla")
        desk = [given.of_the_desk(name) for name in ("ines", "irma", "ivan")]
        opened = suspending.open_suspension(actor=desk[0], told=given.proposal(carla), at=at)

        same = together(lambda: suspending.approve(actor=desk[1], code=opened.code, at=at), times=4)
        assert sorted(type(result).__name__ for result in same) == ["Refused", "Refused", "Refused", "Suspension"]
        assert Suspension.objects.get().state == "approved"
        both = together(lambda: suspending.approve(actor=desk[2], code=opened.code, at=at), times=2)

        assert sorted(type(result).__name__ for result in both) in (["Denied", "Suspension"], ["Refused", "Suspension"])
        assert Suspension.objects.get().state == "in_force"
        assert Entry.objects.filter(act="suspension.in_force").count() == 1


def together(act, times):
    """The same act from several threads at once, each on its own connection."""
    results, gate = [], threading.Barrier(times)

    def run():
        close_old_connections()
        try:
            gate.wait()
            results.append(act())
        except (Refused, Denied) as fault:
            results.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _i in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class TestAppeal:
    def test_is_answered_and_lifts_it_when_granted(self, carla, at):
        suspension = given.suspended(carla)
        person = services.as_actor(carla)

        filed = suspending.appeal(actor=person, code=suspension.code, text=SAID, files=[given.paper()], at=at)
        assert filed.answer_due_at > at + timedelta(days=15)
        with pytest.raises(Refused, match="already_done"):
            suspending.appeal(actor=person, code=suspension.code, text=SAID, files=[], at=at)
        approver = given.of_the_desk("irma")
        suspending.answer(actor=approver, code=suspension.code, number=1, grants=True, text=SAID, at=at)

        carla.refresh_from_db()
        assert Suspension.objects.get().state == "lifted"
        assert services.as_actor(carla).suspension == ""
        acts = Entry.objects.filter(file=carla.file).order_by("folio").values_list("act", flat=True)
        assert list(acts)[-4:] == [
            "suspension.in_force", "suspension.appealed", "suspension.appeal_answered", "suspension.lifted",
        ]  # fmt: skip

    def test_denied_leaves_it_in_force_and_open_to_another_appeal(self, carla, at):
        suspension, person = given.suspended(carla), services.as_actor(User.objects.get(pk=carla.pk))
        suspending.appeal(actor=person, code=suspension.code, text=SAID, files=[], at=at)
        irma = given.of_the_desk("irma")
        suspending.answer(actor=irma, code=suspension.code, number=1, grants=False, text=SAID, at=at)

        assert suspending.appeal(actor=person, code=suspension.code, text=SAID, files=[], at=at).number == 2
        assert Suspension.objects.get().state == "in_force"

    def test_is_not_answered_by_who_opened_it_nor_written_by_another(self, carla, at):
        suspension, person = given.suspended(carla), services.as_actor(carla)
        suspending.appeal(actor=person, code=suspension.code, text=SAID, files=[], at=at)

        with pytest.raises(Denied):
            suspending.answer(
                actor=given.of_the_desk("ines"), code=suspension.code, number=1, grants=False, text=SAID, at=at
            )
        stranger = services.as_actor(given.person("dario"))
        with pytest.raises(Unknown):
            suspending.appeal(actor=stranger, code=suspension.code, text=SAID, files=[], at=at)


class TestItsEnd:
    def test_a_provisional_one_binds_nobody_after_its_term(self, carla, at):
        suspension = given.suspended(carla)

        with clock.fixed(suspension.until + timedelta(seconds=1)):
            assert services.as_actor(carla).suspension == ""
            assert suspending.end_those_over(clock.now()) == 1
            assert suspending.end_those_over(clock.now()) == 0
        assert Suspension.objects.get().state == "ended"

    def test_a_definitive_one_lasts_until_it_is_lifted(self, carla, at):
        told = {"kind": "definitive", "until": None, "decision": "Fallo 12 de 2026 del órgano competente"}
        suspension = given.suspended(carla, **told)

        with clock.fixed(at + timedelta(days=4000)):
            assert services.as_actor(User.objects.get(pk=carla.pk)).suspension
            irma = given.of_the_desk("irma")
            suspending.lift(actor=irma, code=suspension.code, reason="El fallo se revocó.", at=clock.now())
            assert not services.as_actor(User.objects.get(pk=carla.pk)).suspension

    def test_rejected_it_never_concerns_the_person(self, opened, carla, desk, at):
        suspending.approve(actor=desk[1], code=opened.code, at=at)
        suspending.reject(actor=desk[2], code=opened.code, reason="La prueba no es de esta persona.", at=at)

        assert not Suspension.objects.visible_to(services.as_actor(carla)).exists()
        assert not Entry.objects.filter(file=carla.file, act__startswith="suspension.").exists()
