"""Everything of one account, asked for by another: it does not exist.

Each object that account A keeps to itself (documents, drafts, plans not yet published, registration, people,
invitations, its changes, its plural bidders in the making, its files of many rows) is asked for by people of B, of
another entity, by somebody without account and by a visitor, on every page and operation that names it.
"""

import io
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from pliego.accounts.tests import given as people
from pliego.bulk import services as bulk
from pliego.consortia.tests import given as plural
from pliego.documents.models import Document
from pliego.parties import applications, changes, invites
from pliego.parties.tests import given as parties
from pliego.planning.tests import given as plans
from pliego.suppliers import services as suppliers
from pliego.tendering.tests import given as tenders

HIDDEN = {302, 401, 403, 404}  # 302 is the door, for who has not signed in


@pytest.fixture
def world(db, at):
    return World(at)


class World:
    """A: an entity with a draft of everything, and a supplier with its own; B: a supplier and an entity of others."""

    def __init__(self, at):
        cast = self.cast = parties.cast(at=at)
        self.draft = tenders.draft_tender(at)
        self.plan = plans.plan(cast.ana, at)
        self.form = applications.start(actor=cast.fabio, nit=parties.nit("999940001"), legal_name="Otra", at=at)
        applications.attach(actor=cast.fabio, code=self.form.code, field="tax_register", sent=parties.upload(), at=at)
        self.waiting = parties.requested_entity("ana", at=at, nit=parties.nit("999940002"), legal_name="Personería")
        self.invite = invites.invite(
            actor=cast.beto, account_id=cast.entity.pk, email="x@pliego.example", roles=["control"], at=at
        )
        self.change = changes.ask_to_sell(actor=cast.beto, account_id=cast.entity.pk, reason="Imprenta", at=at)
        self.group = plural.draft(at)
        self.batch = bulk.read(
            actor=cast.beto,
            kind="people",
            content=io.BytesIO(b"correo,roles\ne@x.example,control\n"),
            name="a.csv",
            at=at,
        )
        suppliers.save_bank_account(
            actor=cast.carla, account_id=cast.first_supplier.pk, bank="B", kind="savings", number="12345678",
            holder="C", proof=parties.upload("banco.pdf"), at=at,
        )  # fmt: skip
        stranger_firm = parties.supplier("eva", at=at)
        other = self.other_entity = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        parties.join(other, "mallory", ["administrator", "approver", "preparer"], by="beto", at=at)
        parties.join(cast.entity, "rita", ["control"], by="beto", at=at)
        self.strangers = {
            "a supplier": (people.person("eva"), stranger_firm),
            "another entity": (people.person("mallory"), other),
            "no account": (people.person("luz"), None),
            "a visitor": (None, None),
        }

    def paths(self):
        """(kind, path) of everything that A keeps to itself."""
        cast, code = self.cast, self.cast.entity.code
        kept = Document.objects.exclude(audience__in=["public", "buyers"]).exclude(account_id=self.other_entity.pk)
        for document in kept:
            url = document.get_absolute_url()
            for path in (url, f"{url}ficha/", f"/api/v1/documents/{document.code}"):
                yield "document", path
        for step in (
            "",
            "datos/",
            "cronograma/",
            "presupuesto/",
            "miembros/",
            "documentos/",
            "cuestionario/",
            "enviar/",
        ):
            yield "draft of a process", f"/escritorio/procesos/{self.draft.code}/{step}"
        yield "draft of a process", f"/api/v1/tenders/{self.draft.code}"
        yield "draft of a process", f"/procesos/{self.draft.code}/"
        yield "plan not published", f"/paa/{code}/{self.plan.year}/"
        yield "plan not published", f"/api/v1/plans/{self.plan.code}"
        for step in ("", "identidad/", "contacto/", "documentos/", "autorizacion.pdf", "descartar/"):
            yield "registration form", f"/entidades/registro/{self.form.code}/{step}"
        yield "registration that waits", f"/api/v1/accounts/{self.waiting.code}"
        yield "registration that waits", f"/entidades/{self.waiting.organization.number}/"
        for account in (code, self.waiting.code):
            for step in ("", "datos/", "vender/", "tipo/", "documentos/tax_register/"):
                yield "own account", f"/cuenta/registros/{account}/{step}"
            yield "own account", f"/api/v1/accounts/{account}/people"
            yield "own account", f"/entidades/corregir/{account}/"
        for person in ("rita",):
            yield "place", f"/escritorio/equipo/{cast.person(person).code}/"
        yield "invitation", f"/escritorio/equipo/invitaciones/{self.invite.code}/retirar/"
        yield "invitation", "/acceso/invitacion/unatokencualquiera/"
        yield "change", f"/mesa/cambios/{self.change.code}/"
        for step in ("", "miembros/", "invitar/", "responder/", "descartar/", "disolver/"):
            yield "plural bidder", f"/consorcios/{self.group.code}/{step}"
        yield "plural bidder", f"/api/v1/plural-bidders/{self.group.code}"
        yield "plural bidder", f"/proveedores/{self.group.code}/"
        yield "file of rows", f"/cargas-masivas/archivos/{self.batch.code}/"
        yield "file of rows", f"/api/v1/batches/{self.batch.code}"


@pytest.mark.slow
def test_what_is_of_one_account_does_not_exist_for_another(world, capsys):
    asked, answers, open_to_strangers = Counter(), Counter(), []
    paths = sorted(set(world.paths()))
    for who, (person, account) in world.strangers.items():
        client = Client()
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        if account is not None:
            session = client.session
            session["account_id"] = account.pk
            session.save()
        for kind, path in paths:
            status = client.get(path).status_code
            asked[kind] += 1
            answers[status] += 1
            hidden = status in HIDDEN and (person is None or status != 302)
            if not hidden or (status == 403 and kind not in {"own account", "change"}):
                open_to_strangers.append((who, status, path))
    with capsys.disabled():
        sys.stdout.write(
            f"\ntwo tenants: {len(paths)} paths of {len(asked)} kinds × {len(world.strangers)} strangers ="
            f" {asked.total()} requests; answers {dict(answers)}; by kind {dict(asked)}\n"
        )

    assert not open_to_strangers


def test_its_own_people_do_find_it(world):
    """The crawl above means nothing if the paths were wrong for everybody."""
    client = Client()
    client.force_login(world.cast.person("beto"), backend="allauth.account.auth_backends.AuthenticationBackend")
    own = [
        f"/cuenta/registros/{world.cast.entity.code}/", f"/escritorio/procesos/{world.draft.code}/",
        f"/cargas-masivas/archivos/{world.batch.code}/",
        f"/escritorio/equipo/invitaciones/{world.invite.code}/retirar/",
    ]  # fmt: skip

    assert {path: client.get(path).status_code for path in own} == dict.fromkeys(own, 200)
    assert world.invite.expires_at > world.invite.invited_at + timedelta(days=1)
