"""An act that waits for its flow: exactly that content, task by task, once."""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from pliego.authority import approving, configuring, gates, queries
from pliego.authority.models import Approval, Decision
from pliego.authority.rules import StepData
from pliego.authority.tests import given
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.notifications.models import Mail, Notice
from pliego.parties import access
from pliego.parties.models import Membership
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.states import TENDER
from pliego.tendering.tests import given as tenders


@dataclass(frozen=True)
class World:
    of: tenders.Buyer
    beto: Actor
    olga: Actor
    pablo: Actor
    tender: Tender
    at: datetime

    def start(self, **changes: Any) -> Approval:
        told = {"actor": self.of.ana, "kind": "publication", "subject": self.tender.code, "at": self.at, **changes}
        return approving.start_approval(**told)

    def approve(self, approval: Approval, actor: Actor, step: int) -> Approval:
        return approving.approve_step(actor=actor, approval_id=approval.pk, step=step, at=self.at)

    def reasons(self) -> list[str]:
        tender = Tender.objects.get(pk=self.tender.pk)
        return [o.code for o in TENDER.objections(tender, "publish", at=self.at)]

    def publish(self) -> Tender:
        signed = tenders.signed(self.of.beto, self.at)
        return tendering.publish_tender(actor=signed, tender_id=self.tender.pk, at=self.at)


def world_at(at: datetime) -> World:
    """A process sent for approval in an entity whose publications pass by two of the lawyers' group and by hugo."""
    of = tenders.buyer(at)
    beto = tenders.signed(of.beto, at)
    olga = given.person(of.account, "olga", ["evaluator"], at)
    pablo = given.person(of.account, "pablo", ["evaluator"], at)
    group = given.group(beto, at, ["olga", "pablo"])
    given.flow(beto, at, StepData("Revisión jurídica", group=group.code), StepData("Visto bueno", given.code("hugo")))
    return World(of, beto, olga, pablo, tenders.submitted_tender(at, of), at)


@pytest.fixture
def world(db: None, at: datetime) -> World:
    return world_at(at)


class TestPublication:
    def test_waits_for_the_first_task_when_nobody_asked(self, world: World) -> None:
        with pytest.raises(Refused, match="Jurídica"):
            world.publish()

        assert world.reasons() == ["approval_missing"]

    def test_goes_on_once_every_task_is_done(self, world: World) -> None:
        approval = world.start()
        world.approve(approval, world.olga, 1)
        before = world.reasons()
        done = world.approve(approval, world.of.hugo, 2)

        assert (before, done.state, world.reasons()) == (["approval_missing"], "authorised", [])
        assert world.publish().state == "published"

    def test_is_void_when_the_content_changes_after_it_was_approved(self, world: World) -> None:
        approval = world.start()
        world.approve(approval, world.olga, 1)
        world.approve(approval, world.of.hugo, 2)
        signed = tenders.signed(world.of.beto, world.at)
        tendering.return_to_draft(actor=signed, tender_id=world.tender.pk, reasons="Ajuste", at=world.at)
        changed = tenders.general(title="Compra de impresoras")
        tendering.save_general(actor=world.of.ana, tender_id=world.tender.pk, data=changed, at=world.at)
        tendering.submit_for_approval(actor=world.of.ana, tender_id=world.tender.pk, at=world.at)

        with pytest.raises(Refused, match="approval_void"):
            world.publish()
        again = world.start()

        approval.refresh_from_db()
        assert (approval.state, again.state, world.reasons()) == ("void", "running", ["approval_missing"])

    def test_needs_nobody_in_an_account_without_flow(self, db: None, at: datetime) -> None:
        tender = tenders.submitted_tender(at)

        assert TENDER.objections(tender, "publish", at=at) == []
        with pytest.raises(Refused, match="no_flow"):
            approving.start_approval(
                actor=tenders.people_of(tender).ana, kind="publication", subject=tender.code, at=at
            )


class TestStart:
    def test_gives_the_task_to_every_member_of_the_group(self, world: World) -> None:
        world.start()

        titles = {
            name: [t.subject for t in queries.tasks_for(getattr(world, name), world.at)] for name in ("olga", "pablo")
        }
        assert titles == {name: [f"{world.tender.code} {world.tender.title}"] for name in titles}
        assert queries.tasks_for(world.of.hugo, world.at) == []

    def test_is_an_act_of_the_process_s_own_file(self, world: World) -> None:
        approval = world.start()

        entry = Entry.objects.get(act="approval.started")
        assert (entry.file, approval.receipt) == (world.tender.ocid, entry)
        assert entry.content["data"]["tell"] == [given.code("olga"), given.code("pablo")]

    def test_tells_whoever_has_the_task_and_then_whoever_asked(self, world: World, run_reactions: Any) -> None:
        approval = world.start()
        run_reactions()
        told = set(Notice.objects.filter(url__contains="/aprobaciones/").values_list("user__email", flat=True))
        world.approve(approval, world.olga, 1)
        world.approve(approval, world.of.hugo, 2)
        run_reactions()

        assert told == {"olga@pliego.example", "pablo@pliego.example"}
        address = f"/escritorio/aprobaciones/publication/{world.tender.code}/"
        assert Notice.objects.filter(user_id=world.of.ana.user_id, url=address).count() == 1
        assert Mail.objects.filter(address="hugo@pliego.example", url=address).exists()

    def test_twice_is_refused(self, world: World) -> None:
        world.start()

        with pytest.raises(Refused, match="already_done"):
            world.start()

    def test_of_a_draft_is_refused(self, world: World) -> None:
        draft = tenders.draft_tender(world.at, world.of)

        with pytest.raises(Refused, match="wrong_state"):
            world.start(subject=draft.code)

    def test_is_refused_when_a_task_has_nobody(self, world: World) -> None:
        place = Membership.objects.get(user__email="hugo@pliego.example")
        access.end_access(actor=world.beto, membership_id=place.pk, at=world.at)

        with pytest.raises(Refused, match="nobody_for_the_task"):
            world.start()

    def test_is_denied_to_whoever_only_pays(self, world: World) -> None:
        with pytest.raises(Denied):
            world.start(actor=world.of.hugo)

    def test_of_another_entity_s_process_is_unknown(self, world: World) -> None:
        other = tenders.buyer(world.at, "Gobernación de Prueba", "999900077")

        with pytest.raises(Unknown):
            world.start(actor=other.ana)


class TestApprove:
    def test_keeps_the_flow_with_which_it_began(self, world: World) -> None:
        approval = world.start()
        given.flow(world.beto, world.at, StepData("Otra revisión", given.code("elena")))

        world.approve(approval, world.olga, 1)
        done = world.approve(approval, world.of.hugo, 2)

        assert (done.state, done.flow.version, world.reasons()) == ("authorised", 1, [])

    def test_the_same_task_again_is_refused_with_the_name_of_who_did_it(self, world: World) -> None:
        approval = world.start()
        world.approve(approval, world.olga, 1)

        with pytest.raises(Refused, match="Olga"):
            world.approve(approval, world.pablo, 1)

        assert Decision.objects.count() == 1

    def test_is_denied_to_whoever_is_not_in_the_task(self, world: World) -> None:
        approval = world.start()

        with pytest.raises(Denied):
            world.approve(approval, world.of.hugo, 1)

    def test_of_one_s_own_request_is_refused(self, world: World) -> None:
        given.group(world.beto, world.at, ["ana", "olga"], name="Todos")
        approval = world.start()
        from pliego.authority.models import Group

        configuring.save_group(
            actor=world.beto,
            data=configuring.GroupData("Jurídica", members=((given.code("ana"), ""),)),
            at=world.at,
            code=Group.objects.get(name="Jurídica").code,
        )

        with pytest.raises(Refused, match="approves_own_work"):
            world.approve(approval, world.of.ana, 1)

    def test_of_what_changed_meanwhile_is_refused(self, world: World) -> None:
        approval = world.start()
        Tender.objects.filter(pk=world.tender.pk).update(title="Otra cosa")

        with pytest.raises(Refused, match="approval_void"):
            world.approve(approval, world.olga, 1)

    def test_by_internal_control_is_refused(self, world: World) -> None:
        given.person(world.of.account, "olga", ["control"], world.at)
        approval = world.start()

        with pytest.raises(Refused, match="control_takes_part"):
            world.approve(approval, given.person(world.of.account, "olga"), 1)


class TestReturnAndCancel:
    def test_a_return_tells_whoever_asked_why(self, world: World) -> None:
        approval = world.start()

        approving.return_approval(
            actor=world.pablo, approval_id=approval.pk, step=1, reason="Falta el anexo", at=world.at
        )

        approval.refresh_from_db()
        entry = Entry.objects.get(act="approval.returned")
        assert (approval.state, approval.reason) == ("returned", "Falta el anexo")
        assert entry.content["data"]["tell"] == [given.code("ana")]
        assert world.start().state == "running"

    def test_a_return_without_reason_is_refused(self, world: World) -> None:
        approval = world.start()

        with pytest.raises(Refused, match="reason_missing"):
            approving.return_approval(actor=world.pablo, approval_id=approval.pk, step=1, reason=" ", at=world.at)

    def test_whoever_asked_cancels_it(self, world: World) -> None:
        approval = world.start()

        assert approving.cancel_approval(actor=world.of.ana, approval_id=approval.pk, at=world.at).state == "cancelled"

    def test_another_does_not(self, world: World) -> None:
        approval = world.start()

        with pytest.raises(Denied):
            approving.cancel_approval(actor=world.of.hugo, approval_id=approval.pk, at=world.at)


class TestFlows:
    def test_that_end_let_the_act_go(self, world: World) -> None:
        configuring.end_flow(actor=world.beto, kind="publication", at=world.at)

        assert world.reasons() == []

    @pytest.mark.parametrize(
        ("steps", "code"),
        [
            ([], "no_steps"),
            ([StepData("")], "missing"),
            ([StepData("Uno")], "nobody_for_the_task"),
            ([StepData("Uno", person="X", group="Y")], "nobody_for_the_task"),
            ([StepData("Uno", person="NADIE")], "person_unknown"),
            ([StepData("Uno", group="NADA")], "group_unknown"),
        ],
    )
    def test_are_refused(self, world: World, steps: list[StepData], code: str) -> None:
        with pytest.raises(Refused, match=code):
            configuring.set_flow(actor=world.beto, kind="plan", steps=steps, at=world.at)

    def test_of_a_kind_without_flow_are_unknown(self, world: World) -> None:
        with pytest.raises(Unknown):
            configuring.set_flow(actor=world.beto, kind="payment", steps=[StepData("Uno", "X")], at=world.at)

    def test_a_button_asks_little(self, world: World, django_assert_max_num_queries: Any) -> None:
        world.start()
        rule = gates.approved("publication")

        with django_assert_max_num_queries(1):
            assert rule(world.tender, world.at)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_members_of_a_group_do_the_task_once(self, at: datetime) -> None:
        world = world_at(at)
        approval, ready, said = world.start(), threading.Barrier(2), []

        def approve(actor: Actor) -> None:
            from django.db import connection

            ready.wait()
            try:
                world.approve(approval, actor, 1)
                said.append("done")
            except Refused as refused:
                said.append(refused.objections[0].code)
            finally:
                connection.close()

        both = [threading.Thread(target=approve, args=(actor,)) for actor in (world.olga, world.pablo)]
        [thread.start() for thread in both]
        [thread.join() for thread in both]

        approval.refresh_from_db()
        assert sorted(said) == ["already_done", "done"]
        assert (approval.step.number if approval.step else 0, Decision.objects.count()) == (2, 1)

    def test_two_requests_of_the_same_act_are_one(self, at: datetime) -> None:
        world, ready, said = world_at(at), threading.Barrier(2), []

        def start(actor: Actor) -> None:
            from django.db import connection

            ready.wait()
            try:
                world.start(actor=actor)
                said.append("done")
            except Refused as refused:
                said.append(refused.objections[0].code)
            finally:
                connection.close()

        both = [threading.Thread(target=start, args=(actor,)) for actor in (world.of.ana, world.of.beto)]
        [thread.start() for thread in both]
        [thread.join() for thread in both]

        assert (sorted(said), Approval.objects.count()) == (["already_done", "done"], 1)
