"""Two officers at one registration, and what each sees of it."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from pliego.accounts.tests import given as people
from pliego.kernel.objections import Refused
from pliego.parties import checks, desk
from pliego.parties.models import Account
from pliego.parties.tests import given


@pytest.fixture
def asked(db, at):
    return given.requested_entity(at=at)


class TestTake:
    def test_is_of_the_first_until_released(self, asked, at):
        ines, otto = given.desk(at=at), given.desk("otto", at=at)
        desk.take(actor=ines, account_id=asked.pk, at=at)

        for act in (desk.take, desk.release, desk.activate, desk.give_back):
            with pytest.raises(Refused, match="held_by_another"):
                act(actor=otto, account_id=asked.pk, at=at)
        desk.release(actor=ines, account_id=asked.pk, at=at)

        assert desk.take(actor=otto, account_id=asked.pk, at=at).held_by_id == otto.user_id


class TestReview:
    def test_needs_every_item_before_the_account_is_opened(self, asked, at):
        told = {"actor": given.desk(at=at), "account_id": asked.pk, "at": at}
        desk.review(**told, verdicts={"nit": ""})

        with pytest.raises(Refused) as refused:
            desk.activate(**told)

        assert {o.code for o in refused.value.objections} == {"not_checked"}
        assert "tax_register" in {o.field for o in refused.value.objections}
        assert "nit" not in {o.field for o in refused.value.objections}

    def test_does_not_open_what_is_marked_as_wrong(self, asked, at):
        told = {"actor": given.desk(at=at), "account_id": asked.pk, "at": at}
        desk.review(**told, verdicts={"tax_register": "No se lee"}, rest_is_right=True)

        with pytest.raises(Refused, match="marked_wrong"):
            desk.activate(**told)
        returned = desk.give_back(**told)

        assert returned.return_reasons == {"tax_register": "No se lee"}

    def test_is_refused_for_what_is_not_there(self, asked, at):
        with pytest.raises(Refused, match="unknown_item"):
            desk.review(actor=given.desk(at=at), account_id=asked.pk, verdicts={"colour": "x"}, at=at)


class TestFindings:
    def test_say_what_is_doubtful_first(self, asked, at):
        found = checks.findings(asked, at)

        assert [f.is_good for f in found] == sorted(f.is_good for f in found)
        assert any(f.is_good for f in found)
        assert not found[0].is_good


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_officers_who_end_at_once_make_one_result(self, at):
        asked = given.requested_entity(at=at)
        ines, otto = given.desk(at=at), given.desk("otto", at=at)
        desk.review(actor=ines, account_id=asked.pk, verdicts={}, rest_is_right=True, at=at)
        Account.objects.filter(pk=asked.pk).update(held_by=None)
        start, ended = Barrier(2), []

        def end(actor, act, **more):
            try:
                start.wait()
                act(actor=actor, account_id=asked.pk, at=at, **more)
                ended.append(act.__name__)
            except Exception as fault:  # whichever loses is told so
                ended.append(type(fault).__name__)
            finally:
                connection.close()

        both = [Thread(target=end, args=(ines, desk.activate)),
                Thread(target=end, args=(otto, desk.give_back), kwargs={"reasons": {"nit": "No"}})]  # fmt: skip
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()

        asked.refresh_from_db()
        assert len([name for name in ended if name in {"activate", "give_back"}]) == 1, ended
        assert asked.state == ("active" if "activate" in ended else "returned")
        assert people.person("ines").pk == asked.held_by_id or "give_back" in ended
