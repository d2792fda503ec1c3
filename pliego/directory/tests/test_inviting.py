"""Inviting suppliers of the directory to a process, several at once, and how far each of them is."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from pliego.accounts.models import User
from pliego.accounts.signing import OPENED_BY
from pliego.bidding.policy import POLICY as OFFERS
from pliego.bidding.policy import Act as OfferAct
from pliego.directory import inviting, projecting
from pliego.directory.tests import given
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.methods import catalogue
from pliego.notifications.models import Mail, Notice
from pliego.parties.models import Account
from pliego.tendering import joining, services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders


def person(actor):
    return User.objects.get(pk=actor.user_id)


METHODS = {
    "contratacion_directa",
    "contratacion_directa_con_ofertas",
    "regimen_especial",
    "regimen_especial_con_ofertas",
    "solicitud_informacion",
    "concurso_meritos_precalificacion",
}


def test_the_methods_that_invite_are_those_of_the_law(at):
    found = {method.code for method in catalogue.in_force(at.date()) if method.flags.invites}

    assert found == METHODS


@pytest.fixture
def world(db, at):
    """A draft that invites, and three firms that sell what it buys, one of them suspended."""
    house = tenders.buyer(at)
    draft = tenders.empty_tender(at, house, "solicitud_informacion")
    services.save_general(actor=house.ana, tender_id=draft.pk, data=tenders.general(), at=at)
    draft.refresh_from_db()
    firms = [
        given.firm(name, f"99994000{n}", at=at, unspsc_interests=[draft.unspsc_main])
        for n, name in enumerate(("Andina SAS", "Boreal SAS", "Caribe SAS"), 1)
    ]
    Account.objects.filter(pk=firms[2].pk).update(state="suspended")
    projecting.refresh(Account.objects.get(pk=firms[2].pk))
    return house, draft, firms


class TestInvite:
    def test_several_in_one_act_from_the_search_in_place(self, world, at, client_for, run_reactions):
        house, draft, (andina, boreal, caribe) = world
        ana = client_for(person(house.ana), house.account)
        address = f"/escritorio/procesos/{draft.code}/invitados/directorio/"

        page = ana.get(address).content.decode()
        narrow = ana.get(f"{address}?q=boreal").content.decode()
        nobody = ana.post(address, {})
        refused = ana.post(address, {"suppliers": [andina.code, caribe.code]})
        assert all(one.code in page for one in world[2])
        assert f'value="{draft.unspsc_main[:6]}"' in page
        assert boreal.code in narrow
        assert andina.code not in narrow
        assert nobody.status_code == refused.status_code == 422
        assert "Elija al menos un proveedor" in nobody.content.decode()
        assert "CARIBE SAS está suspendido y no puede ser invitado" in refused.content.decode()
        assert not draft.invitations.exists()

        done = ana.post(address, {"suppliers": [andina.code, boreal.code]})
        again = ana.post(address, {"suppliers": [boreal.code]})

        assert (done.status_code, done["Location"]) == (303, f"/escritorio/procesos/{draft.code}/invitados/")
        assert "BOREAL SAS ya está invitado" in again.content.decode()
        assert draft.invitations.count() == Entry.objects.filter(act="tender.supplier_invited").count() == 2
        run_reactions()
        assert not Notice.objects.filter(source__endswith="/invited").exists()  # the draft is nobody's but the entity's

    def test_from_the_profile_of_a_supplier(self, world, at, client_for):
        house, draft, (andina, _boreal, caribe) = world
        ana = client_for(person(house.ana), house.account)
        address = f"/escritorio/invitar/{andina.code}/"

        assert address in ana.get(f"/directorio/{andina.code}/").content.decode()
        assert ana.post(address, {"process": draft.code}).status_code == 303
        assert draft.invitations.get().supplier == andina
        assert "ya está invitado" in ana.post(address, {"process": draft.code}).content.decode()
        assert ana.get(f"/escritorio/invitar/{caribe.code}/").status_code == 403

        beto = client_for(person(house.beto), house.account)
        assert address not in beto.get(f"/directorio/{andina.code}/").content.decode()
        assert beto.get(address).status_code == 403
        assert client_for(andina.requested_by, andina).get(address).status_code == 403

    def test_leaves_out_methods_that_invite_nobody(self, db, at):
        house = tenders.buyer(at)
        draft = tenders.empty_tender(at, house)

        with pytest.raises(Refused, match="no_invitations"):
            services.invite_suppliers(actor=house.ana, tender_id=draft.pk, supplier_codes=["X"], at=at)
        assert inviting.processes_that_invite(house.ana, at) == []


class TestInvited:
    def test_are_told_once_with_the_link_and_followed_until_the_opening(self, db, at, client_for, run_reactions):
        house, firm = tenders.buyer(at), given.firm("Andina SAS", "999940001", at=at)
        draft = tenders.draft_tender(at, house, method="contratacion_directa_con_ofertas", invited=given.of(firm))
        assert [one.state for one in inviting.invited_to(draft)] == ["invited"]

        sent = services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
        services.publish_tender(actor=tenders.signed(house.beto, at), tender_id=sent.pk, at=at)
        run_reactions()
        run_reactions()

        notice = Notice.objects.get(source__endswith="/invited")
        assert notice.url == f"/procesos/{draft.code}/"
        assert Mail.objects.filter(source=notice.source).exists()
        tender = Tender.objects.get(pk=draft.pk)
        assert [one.state for one in inviting.invited_to(tender)] == ["invited"]
        Notice.objects.filter(pk=notice.pk).update(read_at=at)
        elena = client_for(person(house.ana), house.account)
        page = elena.get(f"/escritorio/procesos/{draft.code}/invitados/estado/").content.decode()
        assert "Leyó el aviso" in page
        assert client_for(firm.requested_by, firm).get(
            f"/escritorio/procesos/{draft.code}/invitados/estado/"
        ).status_code == 403  # fmt: skip


def published(house, at, method, invited):
    """A public process of that method, and two more firms that sell what it buys."""
    draft = tenders.draft_tender(at, house, method=method, invited=invited)
    services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
    services.publish_tender(actor=tenders.signed(house.beto, at), tender_id=draft.pk, at=at)
    firms = [
        given.firm(name, f"99994000{n}", at=at, unspsc_interests=[draft.unspsc_main])
        for n, name in enumerate(("Andina SAS", "Boreal SAS", "Caribe SAS"), 1)
    ]
    return Tender.objects.get(pk=draft.pk), firms


def invited_by(actor, tender, firms, at):
    codes = [firm.code for firm in firms]
    return services.invite_suppliers(actor=actor, tender_id=tender.pk, supplier_codes=codes, at=at)


def reached(name):
    return set(Notice.objects.filter(source__endswith=f"/{name}").values_list("user_id", flat=True))


class TestInviteWhileOffersAreReceived:
    def test_is_a_signed_public_act_that_admits_all_at_once_where_nobody_else_may_offer(
        self, db, at, client_for, run_reactions
    ):
        house, first = tenders.buyer(at), tenders.supplier(at)
        tender, (andina, boreal, caribe) = published(
            house, at - timedelta(hours=1), "contratacion_directa_con_ofertas", first
        )
        run_reactions()
        later, signed = at + timedelta(hours=2), tenders.signed(house.beto, at)
        assert OFFERS.verdict(given.of(andina), OfferAct.PREPARE, tender).reason
        with pytest.raises(Denied):
            invited_by(house.ana, tender, [andina], later)
        with pytest.raises(SignatureRequired):
            invited_by(house.beto, tender, [andina], later)
        beto = client_for(person(house.beto), house.account)
        session = beto.session
        session[OPENED_BY] = "demo"  # a practice link opened it, so it signs without factors
        session.save()
        address = f"/escritorio/procesos/{tender.code}/invitados/directorio/"
        assert address in beto.get(f"/escritorio/procesos/{tender.code}/invitados/estado/").content.decode()
        page = beto.get(address).content.decode()
        assert "admite al mismo tiempo a todos los marcados" in page
        assert 'name="firma-' in page

        done = beto.post(address, {"suppliers": [andina.code, boreal.code], "firma-demo": "on"})

        assert done.status_code == 303, done.content.decode()
        entry = Entry.objects.get(act="tender.suppliers_admitted")
        assert [one["supplier_code"] for one in entry.content["data"]["suppliers"]] == [andina.code, boreal.code]
        assert entry.is_public
        assert OFFERS.verdict(given.of(andina), OfferAct.PREPARE, Tender.objects.get(pk=tender.pk))
        run_reactions()
        assert reached("now invited") == {andina.requested_by_id, boreal.requested_by_id}
        assert reached("others there") == {first.user_id}
        public = client_for().get(f"/procesos/{tender.code}/").content.decode()
        assert all(
            text in public for text in ("ANDINA SAS", "BOREAL SAS", "después de la publicación", "Quién está invitado")
        )
        self.nobody_is_invited_twice_nor_suspended_nor_late(tender, signed, (andina, caribe), later)

    def nobody_is_invited_twice_nor_suspended_nor_late(self, tender, signed, firms, later):
        andina, caribe = firms
        Account.objects.filter(pk=caribe.pk).update(state="suspended")
        with pytest.raises(Refused) as refused:
            invited_by(signed, tender, [andina, caribe], later)
        assert {one.code for one in refused.value.objections} == {"already_done", "suspended_supplier"}
        with pytest.raises(Denied):
            services.withdraw_invitation(actor=signed, tender_id=tender.pk, supplier_code=andina.code, at=later)
        Account.objects.filter(pk=caribe.pk).update(state="active")
        with pytest.raises(Refused, match="too_late"):
            invited_by(signed, tender, [caribe], tender.due_at("bids_due"))
        told = {
            "reason": "Un juez lo ordenó",
            "legal_basis": "Auto 12",
            "planned_on": (later + timedelta(days=9)).date(),
        }
        services.suspend_tender(actor=signed, tender_id=tender.pk, at=later, **told)
        with pytest.raises(Denied, match="suspend"):
            invited_by(signed, tender, [caribe], later)

    def test_is_only_a_notice_where_anybody_may_answer(self, db, at, client_for, run_reactions):
        house = tenders.buyer(at)
        tender, (andina, boreal, _caribe) = published(house, at, "solicitud_informacion", None)
        ana = client_for(person(house.ana), house.account)

        made = invited_by(house.ana, tender, [andina], at)
        led = ana.post(f"/escritorio/invitar/{boreal.code}/", {"process": tender.code})
        over = ana.put(
            f"/api/v1/tenders/{tender.code}/invitations", {"suppliers": [boreal.code]}, content_type="application/json"
        )

        entries = Entry.objects.filter(act="tender.suppliers_told").order_by("pk")
        assert made[0].receipt == entries[0]
        assert not any(entry.is_public for entry in entries)
        assert led["Location"] == f"/escritorio/procesos/{tender.code}/invitados/directorio/?q=BOREAL+SAS"
        assert (over.status_code, over.json()["receipt"]["code"]) == (200, entries[1].code)
        assert tender.invitations.count() == len(entries) == 2
        run_reactions()
        assert reached("now invited") == {andina.requested_by_id, boreal.requested_by_id}
        assert "Solo participan" not in client_for().get(f"/procesos/{tender.code}/").content.decode()
        Notice.objects.filter(source__endswith="/now invited", user=andina.requested_by).update(read_at=at)
        assert [one.state for one in inviting.invited_to(tender)] == ["seen", "invited"]


STAGES = {
    "solicitud_informacion": {"answers": "bids_due"},
    "contratacion_directa_con_ofertas": {"offers": "bids_due", "evaluation": ""},
    "contratacion_directa": {"selection": ""},
    "concurso_meritos_precalificacion": {"prequalification": "prequalification_due", "draft": "", "offers": ""},
}


@pytest.mark.parametrize("method", STAGES)
def test_until_when_more_are_invited_is_what_the_stage_of_the_method_takes(at, method):
    rulebook = catalogue.get(method)
    for stage, ends in STAGES[method].items():
        due = {milestone.code: at for milestone in rulebook.milestones}
        tender = SimpleNamespace(rulebook=rulebook, stage_now=rulebook.stage(stage), due_at=due.get)
        before = [one.code for one in joining.invitation_is_late(tender, at - timedelta(seconds=1))]
        after = [one.code for one in joining.invitation_is_late(tender, at)]
        assert (before, after) == (([], ["too_late"]) if ends else (["not_receiving"], ["not_receiving"])), stage
