"""A breach from its report to what came of it, act by act."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from pliego.breaches import calling, deciding, files, hearing, queries, services
from pliego.breaches.models import Breach, Decision, Sanction, Statement
from pliego.breaches.tests import given
from pliego.breaches.tests.given import on
from pliego.consortia.tests import given as plural
from pliego.contracts import turning
from pliego.contracts.models import Contract, Modification
from pliego.contracts.tests import given as contracts
from pliego.contracts.tests.given import running, signed
from pliego.documents.models import Document
from pliego.evaluation import weighing
from pliego.kernel.actors import ANYONE
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.tendering.tests import given as tendering
from pliego.tendering.tests.test_races import together

pytestmark = pytest.mark.django_db


def codes(refused):
    return [(objection.code, objection.field) for objection in refused.value.objections]


def fresh(breach):
    return Breach.objects.select_related("contract").get(pk=breach.pk)


def titles(actor, at):
    return [str(task.title) for task in queries.tasks_for(actor, at)]


class TestComplianceCall:
    def test_is_answered_once_by_the_contractor_and_both_stay(self, house, at):
        contract = running(at, house)
        told = {"contract_id": contract.pk, "at": at}
        with pytest.raises(Refused) as refused:
            services.demand_compliance(actor=house.gloria, text=" ", due_at=at, **told)
        assert codes(refused) == [("missing", "text"), ("in_the_past", "due_at")]
        with pytest.raises(Denied):
            services.demand_compliance(actor=house.hugo, text="Entregue", due_at=at + timedelta(days=3), **told)

        services.demand_compliance(actor=house.gloria, text="Entregue", due_at=at + timedelta(days=3), **told)

        assert titles(house.carla, at) == ["Responder un requerimiento"]
        with pytest.raises(Unknown):
            services.answer_call(actor=tendering.supplier(at, "dario"), number=1, text="Hola", **told)
        paper = tendering.pdf("respuesta.pdf")
        answered = services.answer_call(actor=house.carla, number=1, text="El viernes", document=paper, **told)
        assert (answered.receipt.is_public, answered.answer_document.audience) == (False, "participants")
        with pytest.raises(Refused, match="already_done"):
            services.answer_call(actor=house.carla, number=1, text="El lunes", **told)


class TestReportAndCite:
    def test_only_the_entity_reads_the_report_until_it_calls(self, house, at):
        contract = running(at, house, covers=("performance",))
        with pytest.raises(Refused) as refused:
            given.report(house, contract, at, source="interventor", facts="", clauses="", proofs="")
        assert codes(refused) == [
            (code, f) for code, f in zip(["missing"] * 4, ("author_name", "facts", "clauses", "proofs"), strict=True)
        ]
        breach = given.report(house, contract, at)
        assert not Breach.objects.visible_to(house.carla).exists()
        assert not Document.objects.visible_to(house.carla).filter(pk=breach.report_id).exists()
        assert titles(house.beto, at) == ["Citar a audiencia de incumplimiento o archivar el informe"]
        with pytest.raises(Denied):
            given.call(given_by_the_supervisor(house), breach, at)
        with pytest.raises(SignatureRequired):
            calling.cite(actor=house.beto, facts="a", clauses="b", consequences=[], begins_at=at, **on(breach, at))
        with pytest.raises(Refused) as refused:
            given.call(house, breach, at, facts="", consequences=[], begins_at=at, place="", guarantors=[])
        assert codes(refused) == [
            ("missing", "facts"), ("missing", "consequences"), ("in_the_past", "begins_at"), ("missing", "place"),
            ("guarantor_missing", "guarantor-0-name"),
        ]  # fmt: skip

        given.call(house, breach, at)

        seen = Breach.objects.visible_to(house.carla).get()
        assert (seen.state, seen.guarantors.get().email) == ("cited", given.GUARANTOR.email)
        mine = Document.objects.visible_to(house.carla).filter(kind__startswith="breach_")
        assert {document.kind for document in mine} == {"breach_report", "breach_citation"}
        assert not Document.objects.visible_to(ANYONE).filter(kind__startswith="breach_").exists()
        assert not Breach.objects.visible_to(tendering.supplier(at, "dario")).exists()
        entry = Entry.objects.get(act="breach.cited")
        assert (entry.is_public, len(entry.documents)) == (False, 2)
        assert titles(house.carla, at) == ["Preparar sus descargos y asistir a la audiencia"]

    def test_the_report_may_be_filed_and_the_date_moved(self, house, at):
        breach = given.reported(at, house)
        other = given.report(house, breach.contract, at)
        calling.dismiss(actor=signed(house.beto, at), reason="Ya entregó", **on(other, at))
        assert (fresh(other).state, other.number) == ("filed", 2)
        given.call(house, breach, at)
        later = at + timedelta(days=9)
        with pytest.raises(Denied):
            calling.move_session(actor=house.gloria, reason="Luto", begins_at=later, place="Sala 3", **on(breach, at))

        calling.move_session(actor=house.beto, reason="Luto", begins_at=later, place="Sala 3", **on(breach, at))

        assert [(row.state, row.place) for row in breach.sessions.all()] == [("moved", "Sala 2"), ("called", "Sala 3")]
        with pytest.raises(Refused, match="not_due"):
            calling.begin_session(actor=house.beto, **on(breach, later - timedelta(seconds=1)))

    def test_ends_at_any_moment_when_the_breach_ceases(self, house, at):
        breach = given.in_hearing(at, house)
        then = at + given.CALLED_FOR
        with pytest.raises(Refused, match="missing"):
            calling.cease(actor=signed(house.beto, then), reason="", **on(breach, then))

        calling.cease(actor=signed(house.beto, then), reason="Entregó todo", **on(breach, then))

        found = fresh(breach)
        assert (found.state, found.sitting, found.next_session) == ("ceased", None, None)
        assert not Entry.objects.get(act="breach.ceased").is_public


def given_by_the_supervisor(house):
    """The same house, whose authorising officer is who reported."""
    from dataclasses import replace

    place = replace(house.beto, user_id=house.gloria.user_id)
    return replace(house, buyer=replace(house.buyer, beto=place))


class TestHearing:
    def test_hears_all_takes_the_evidence_and_is_suspended_until_a_date(self, house, at):
        breach, then = given.in_hearing(at, house), at + given.CALLED_FOR
        told = on(breach, then)
        hearing.register_party(actor=house.gloria, side="guarantor", name="Pía Ramos", capacity="Apoderada", **told)
        with pytest.raises(Denied):
            hearing.attend(actor=house.carla, **told)
        with pytest.raises(Denied):
            hearing.note_statement(actor=house.carla, side="entity", kind="plea", name="x", text="x", **told)
        hearing.ask_evidence(actor=house.carla, text="Registro del clima", purpose="Que llovió", **told)
        hearing.note_evidence(actor=house.gloria, side="guarantor", text="Visita", purpose="El estado", **told)
        with pytest.raises(Refused) as refused:
            given.decide(house, breach, then)
        assert [o.code for o in refused.value.objections] == ["not_heard", "evidence_waits", "evidence_waits"]
        assert "El garante asistió" in str(refused.value.objections[0])
        decides = {"actor": house.beto, **told}
        with pytest.raises(Refused, match="missing"):
            hearing.decide_evidence(evidence=1, is_admitted=True, reason="", **decides)
        hearing.decide_evidence(evidence=1, is_admitted=True, reason="Es útil", **decides)
        hearing.decide_evidence(evidence=2, is_admitted=False, reason="Ya se hizo", **decides)
        with pytest.raises(Refused, match="not_waiting"):
            hearing.decide_evidence(evidence=2, is_admitted=True, reason="Es útil", **decides)
        hearing.note_statement(
            actor=house.gloria, side="guarantor", kind="plea", name="Pía Ramos", text="Se atiene", **told
        )
        resumes = then + timedelta(days=3)
        with pytest.raises(Refused) as refused:
            calling.adjourn(actor=signed(house.beto, then), reason="", begins_at=then, **told)
        assert codes(refused) == [("missing", "reason"), ("in_the_past", "begins_at")]

        calling.adjourn(actor=signed(house.beto, then), reason="Para practicar la prueba 1", begins_at=resumes, **told)

        first, second = fresh(breach).sessions.all()
        assert (first.state, first.record.kind, second.state, second.place) == (
            "closed", "breach_minutes", "called", "Sala 2",
        )  # fmt: skip
        with pytest.raises(Denied):
            given.decide(house, breach, resumes)
        hearing.take_evidence(actor=house.gloria, evidence=1, result="Llovió dos días", **told)
        with pytest.raises(Refused, match="not_due"):
            calling.begin_session(actor=house.beto, **told)
        calling.begin_session(actor=house.beto, **on(breach, resumes))
        made = given.decide(house, breach, resumes)
        assert (fresh(breach).state, made.document.audience, made.measures) == (
            "decided", "participants", {"fine": "1500000.50"},
        )  # fmt: skip
        for change in (lambda: Statement.objects.update(text="x"), lambda: Decision.objects.update(grounds="x")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestDecision:
    def test_is_in_force_and_public_when_the_hearing_closes_without_appeal(self, house, at):
        breach, then = given.in_hearing(at, house), at + given.CALLED_FOR
        with pytest.raises(SignatureRequired):
            deciding.decide(actor=house.beto, resolution="1", grounds="x", measures=given.FINE, **on(breach, then))
        with pytest.raises(Refused) as refused:
            given.decide(house, breach, then, resolution="", grounds=" ", measures={"damages": Decimal(1)})
        assert codes(refused) == [
            ("missing", "resolution"), ("missing", "grounds"), ("not_foreseen", "measure_damages"),
        ]  # fmt: skip
        given.decide(house, breach, then)
        assert not Document.objects.visible_to(ANYONE).filter(kind="breach_resolution").exists()
        assert not queries.register(calendar.day_of(then)).exists()

        deciding.close_hearing(actor=signed(house.beto, then), development="Se leyó", **on(breach, then))

        sanction = Sanction.objects.get()
        firm = calendar.day_of(then) + timedelta(days=1)
        assert (sanction.measure, sanction.amount, sanction.in_force_on) == ("fine", Decimal("1500000.50"), firm)
        assert sanction.shown_until == firm.replace(year=firm.year + 3)
        assert Document.objects.visible_to(ANYONE).filter(kind__startswith="breach_").get().kind == "breach_resolution"
        shown = {e.act for e in Entry.objects.filter(act__startswith="breach.") if e.is_public or e.disclosed_at}
        assert shown == {"breach.decided", "breach.in_force"}
        assert [row.pk for row in queries.register(sanction.shown_until)] == [sanction.pk]
        assert not queries.register(sanction.shown_until + timedelta(days=1)).exists()
        assert [row.pk for row in queries.register(firm, house.carla.account_name.split()[0])] == [sanction.pk]
        assert Contract.objects.get(pk=breach.contract_id).state == "running"

    def test_is_reduced_on_appeal_and_never_made_worse(self, house, at):
        breach, then = given.in_hearing(at, house), at + given.CALLED_FOR
        told = on(breach, then)
        given.decide(house, breach, then)
        with pytest.raises(Refused) as refused:
            deciding.note_appeal(actor=house.gloria, side="entity", name="Gloria", text="No", **told)
        assert codes(refused) == [("own_decision", "side")]
        deciding.appeal(actor=house.carla, text="Es excesiva", **told)
        with pytest.raises(Denied):
            deciding.appeal(actor=house.carla, text="Otra vez", **told)
        deciding.note_appeal(actor=house.gloria, side="guarantor", name="Pía Ramos", text="También", **told)
        with pytest.raises(Denied):
            deciding.close_hearing(actor=signed(house.beto, then), development="Se leyó", **told)
        beto, word = signed(house.beto, then), {"resolution": "119", "grounds": "Es menos"}
        with pytest.raises(Refused, match="worse_by_appeal"):
            deciding.resolve_appeal(actor=beto, measures={"fine": Decimal(2_000_000)}, **word, **told)

        deciding.resolve_appeal(actor=beto, measures={"fine": Decimal(1_000_000)}, **word, **told)

        deciding.close_hearing(actor=beto, development="Se leyó", **told)
        sanction = Sanction.objects.get()
        assert (sanction.amount, sanction.decision.number, fresh(breach).state) == (1_000_000, "119", "in_force")
        assert Document.objects.visible_to(ANYONE).filter(kind="breach_resolution").count() == 2

    def test_that_imposes_nothing_is_filed_and_nobody_else_reads_it(self, house, at):
        breach, then = given.in_hearing(at, house), at + given.CALLED_FOR
        given.decide(house, breach, then, measures={}, imposes_nothing=True)
        with pytest.raises(Refused, match="nothing_to_appeal"):
            deciding.appeal(actor=house.carla, text="Aun así", **on(breach, then))

        deciding.close_hearing(actor=signed(house.beto, then), development="Se leyó", **on(breach, then))

        assert (fresh(breach).state, Sanction.objects.count()) == ("filed", 0)
        assert not Document.objects.visible_to(ANYONE).filter(kind__startswith="breach_").exists()

    def test_of_caducity_ends_the_contract_and_bars_the_contractor(
        self, house, at, client, django_assert_max_num_queries
    ):
        breach, then = given.in_hearing(at, house), at + given.CALLED_FOR
        given.decide(house, breach, then, measures={"caducity": None, "penalty": Decimal(100)})

        deciding.close_hearing(actor=signed(house.beto, then), development="Se leyó", **on(breach, then))

        contract = Contract.objects.select_related("supplier").get(pk=breach.contract_id)
        firm = calendar.day_of(then) + timedelta(days=1)
        assert (contract.state, contract.completed_on) == ("completed", firm)
        standing = queries.standing_of(contract.supplier, firm)
        assert {row.measure for row in standing.sanctions} == {"penalty", "caducity"}
        with django_assert_max_num_queries(2):  # however many sanctions there are
            assert len([files.record(row) for row in queries.register(firm)]) == 2
        (bar,) = standing.bars
        assert (bar.ends_on.year, bar.legal_basis[:23]) == (2031, "Ley 80 de 1993, art. 8,")
        page = client.get(f"/directorio/{contract.supplier.code}/").content.decode()
        assert "No puede contratar con el Estado" in page
        assert "al 10 mar 2031" in page


class TestSanction:
    def test_is_recovered_challenged_and_annulled(self, house, at):
        breach, then = given.in_force(at, house), at + given.CALLED_FOR + timedelta(days=2)
        told, today = on(breach, then), calendar.day_of(then)
        part = {"measure": "fine", "means": "compensation", "on": today}
        with pytest.raises(Refused, match="more_than_is_owed"):
            deciding.note_recovery(actor=house.hugo, amount=Decimal("1500000.51"), **part, **told)
        deciding.note_recovery(actor=house.hugo, amount=Decimal("500000.50"), **part, **told)
        assert Entry.objects.get(act="sanction.recovered").content["data"]["owed"] == "1000000.00"
        contract = Contract.objects.select_related("supplier").get(pk=breach.contract_id)
        (note,) = queries.notes_for(contract)
        assert "recuperado" in note
        lost = [len(list(queries.fines_of(contract.supplier, today + timedelta(days=d)))) for d in (0, 364, 366)]
        assert lost == [1, 1, 0]
        assert queries.fines_of in weighing.KNOWN_FINES

        deciding.note_challenge(actor=house.ana, challenge="Tribunal, 2026-1", on=today, **told)
        assert list(queries.fines_of(contract.supplier, today)) == []
        assert queries.standing_of(contract.supplier, today).sanctions[0].challenge == "Tribunal, 2026-1"

        deciding.annul(actor=signed(house.beto, then), reason="Sentencia", **told)
        assert not queries.register(today).exists()
        assert queries.notes_for(contract) == []
        with pytest.raises(DatabaseError), transaction.atomic():
            Sanction.objects.update(amount=1)


def test_the_sanction_of_a_plural_bidder_is_of_its_members_and_not_of_one_another(at):
    group = plural.active(at)
    first, *others = [row.supplier_id for row in group.members.all()]

    assert queries.related(group.account_id) == sorted({group.account_id, first, *others})
    assert queries.related(first) == sorted({group.account_id, first})


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_leave_one_sanction(held):
    house = contracts.house(held)
    breach, then = given.in_hearing(held, house), held + given.CALLED_FOR
    given.decide(house, breach, then)
    beto = signed(house.beto, then)

    def close():
        return deciding.close_hearing(actor=beto, development="Se leyó", **on(breach, then))

    together(close, close)

    assert Sanction.objects.count() == Entry.objects.filter(act="breach.in_force").count() == 1


def test_bars_who_would_take_a_contract_over_and_nothing_passes_while_a_breach_waits(house, at):
    barred = given.imposed(house, running(at, house), at, {"caducity": None})
    carla, dario = barred.contract.supplier, Account.objects.get(pk=tendering.supplier(at, "dario").account_id)
    reported = given.reported(at, house)
    day = calendar.day_of(at) + timedelta(days=2)

    def against(contract, party):
        return [one.code for one in queries.bars_taking_over(Modification(contract=contract, party=party), day)]

    assert against(barred.contract, carla) == ["barred"]
    assert against(barred.contract, dario) == []
    assert against(reported.contract, dario) == ["breach_undecided"]
    assert queries.bars_taking_over in turning.PARTY_CHECKS
