"""Inviting suppliers of the directory to a process, several at once, and how far each of them is."""

import pytest

from pliego.accounts.models import User
from pliego.directory import inviting, projecting
from pliego.directory.tests import given
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.methods import catalogue
from pliego.notifications.models import Mail, Notice
from pliego.parties.models import Account
from pliego.tendering import services
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
        assert inviting.drafts_that_invite(house.ana) == []


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
