"""The pages of the configuration: who opens them, what they do, how much they ask of the database."""

import re
from datetime import datetime
from typing import Any

import pytest

from pliego.authority import configuring, library, subscriptions
from pliego.authority.models import Flow, Group, LibraryItem, Preference, Profile, SegregationChoice
from pliego.authority.rules import UnitData
from pliego.authority.tests import given
from pliego.kernel.objections import Refused
from pliego.parties.models import ContractingUnit
from pliego.parties.tests import given as parties

pytestmark = pytest.mark.django_db
ROOM = "/escritorio/cuenta/"
PAGES = (
    "", "perfiles/", "perfiles/nuevo/", "grupos/", "grupos/nuevo/", "unidades/", "unidades/nueva/",
    "unidades/PRINCIPAL/", "flujos/", "flujos/publication/", "segregacion/", "delegaciones/", "delegaciones/nueva/",
    "permisos/", "avisos/", "biblioteca/", "biblioteca/nuevo/",
)  # fmt: skip


@pytest.fixture
def cast(at: datetime) -> parties.Cast:
    return parties.cast(at=at)


@pytest.fixture
def beto(cast: parties.Cast, client_for: Any) -> Any:
    return client_for(cast.person("beto"), cast.entity)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestMenu:
    @pytest.mark.parametrize("page", PAGES)
    def test_opens_to_the_administrator(self, beto: Any, page: str) -> None:
        assert beto.get(ROOM + page).status_code == 200

    def test_shows_to_others_what_they_cannot_open_and_why(self, cast: parties.Cast, client_for: Any) -> None:
        ana = client_for(cast.person("ana"), cast.entity)

        page = ana.get(ROOM)

        assert page.status_code == 200
        assert f'href="{ROOM}perfiles/"' not in page.content.decode()
        assert ana.get(ROOM + "perfiles/").status_code == 403

    def test_is_nothing_to_whoever_acts_for_nobody(self, cast: parties.Cast, client_for: Any) -> None:
        assert client_for(cast.person("fabio")).get(ROOM).status_code == 404


class TestForms:
    def test_a_profile_is_created_and_edited(self, beto: Any, cast: parties.Cast) -> None:
        sent = {"name": "Jurídica", "roles": ["evaluator"], "people": [given.code("hugo")]}
        created = beto.post(ROOM + "perfiles/nuevo/", sent)
        profile = Profile.objects.get()
        edited = beto.post(f"{ROOM}perfiles/{profile.code}/", {**sent, "name": "Evaluación"})

        profile.refresh_from_db()
        assert (created.status_code, edited.status_code, profile.name) == (303, 303, "Evaluación")
        assert beto.post(f"{ROOM}perfiles/{profile.code}/eliminar/", {}).status_code == 303

    def test_a_refusal_keeps_what_was_typed(self, beto: Any) -> None:
        answer = beto.post(ROOM + "perfiles/nuevo/", {"name": "Jurídica", "roles": []})

        assert answer.status_code == 422
        assert 'value="Jurídica"' in answer.content.decode()

    def test_giving_roles_that_do_not_go_together_warns(self, beto: Any) -> None:
        sent = {"name": "Todo", "roles": ["preparer", "approver"], "people": []}
        page = beto.post(ROOM + "perfiles/nuevo/", sent, follow=True)

        assert "Ley 87 de 1993" in text_of(page)

    def test_a_group_has_members_and_who_coordinates(self, beto: Any, cast: parties.Cast) -> None:
        sent = {"name": "Técnica", "members": [given.code("ana")], "coordinator": given.code("hugo"), "is_active": "on"}
        assert beto.post(ROOM + "grupos/nuevo/", sent).status_code == 303

        group = Group.objects.get()
        assert [bool(member.function) for member in group.members.order_by("place__user__full_name")] == [False, True]
        again = beto.get(f"{ROOM}grupos/{group.code}/").content.decode()
        assert f'value="{given.code("hugo")}" selected' in again

    def test_a_unit_is_kept(self, beto: Any) -> None:
        sent = {"reference": "JUR-01", "name": "Jurídica", "municipality": "73001", "buys": "on", "is_active": "on"}
        assert beto.post(ROOM + "unidades/nueva/", sent).status_code == 303

        assert ContractingUnit.objects.get(reference="JUR-01").sells is False

    def test_a_flow_has_the_tasks_that_were_written(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        group = given.group(cast.beto, at, ["ana", "gloria"])
        sent = {"name_1": "Revisa", "who_1": f"g:{group.code}", "name_2": "Aprueba", "who_2": f"p:{given.code('hugo')}"}
        assert beto.post(ROOM + "flujos/award/", sent).status_code == 303

        flow = Flow.objects.get()
        assert [(step.number, step.name, step.who) for step in flow.steps.all()] == [
            (1, "Revisa", "Jurídica"),
            (2, "Aprueba", cast.person("hugo").full_name),
        ]
        assert "Revisa" in text_of(beto.get(ROOM + "flujos/"))
        assert beto.post(ROOM + "flujos/award/terminar/", {}).status_code == 303

    def test_a_rule_that_is_not_the_law_s_can_be_weakened(self, beto: Any) -> None:
        done = beto.post(ROOM + "segregacion/", {"rule": "evaluator_awards", "strength": "warn"})
        fixed = beto.post(ROOM + "segregacion/", {"rule": "control_takes_part", "strength": "warn"})

        assert (done.status_code, fixed.status_code) == (303, 422)
        assert SegregationChoice.objects.get().strength == "warn"

    def test_a_delegation_asks_for_a_signature_and_its_act(self, beto: Any, cast: parties.Cast) -> None:
        page = beto.get(ROOM + "delegaciones/nueva/").content.decode()
        answer = beto.post(ROOM + "delegaciones/nueva/", {"delegate": given.code("hugo"), "roles": ["approver"]})

        assert 'name="firma-password"' in page
        assert answer.status_code == 422

    def test_lists_ask_the_same_of_one_and_of_many(
        self, beto: Any, cast: parties.Cast, at: datetime, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(30):
            names = ("ana", "hugo", "gloria")
            given.group(cast.beto, at, names, name=f"Grupo {number}")
            people = tuple(given.code(name) for name in names)
            given.profile(cast.beto, at, name=f"Perfil {number}", people=people)
            data = UnitData(f"U{number}", f"Unidad {number}", people=people)
            configuring.save_unit(actor=cast.beto, data=data, at=at)

        for page in ("perfiles/", "grupos/", "unidades/", "flujos/", "segregacion/", "permisos/"):
            with django_assert_max_num_queries(20):
                beto.get(ROOM + page)


class TestHistoryPage:
    def test_is_downloaded_as_csv(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        answer = beto.get(f"{ROOM}permisos/?dia=02/03/2026&formato=csv")

        lines = answer.content.decode().splitlines()
        assert answer["Content-Type"].startswith("text/csv")
        assert lines[0] == "person,name,roles,source,which,since,until"
        assert any(given.code("hugo") in line and ",treasurer,membership," in line for line in lines)

    def test_of_a_day_before_anything_is_empty(self, beto: Any) -> None:
        page = text_of(beto.get(f"{ROOM}permisos/?dia=01/01/2020"))

        assert "Hugo" not in page
        assert "Hugo" in text_of(beto.get(f"{ROOM}permisos/"))


class TestNotices:
    def test_are_turned_off_by_kind(self, beto: Any, cast: parties.Cast) -> None:
        answer = beto.post(ROOM + "avisos/", {"plan": ["inbox"], "processes": [], "payments": ["inbox", "mail"]})

        user = cast.person("beto")
        kept = Preference.objects.get(user=user, kind="plan")
        assert (answer.status_code, kept.in_inbox, kept.by_mail) == (303, True, False)
        assert subscriptions.split("plan.published", [user]) == ([user], [])
        assert subscriptions.split("tender.published", [user]) == ([], [])

    def test_those_of_legal_effect_are_told_whatever_is_chosen(self, cast: parties.Cast) -> None:
        user = cast.person("beto")
        Preference.objects.create(user=user, kind="award", in_inbox=False, by_mail=False)
        refused = subscriptions.preferences_of(user.pk)

        assert subscriptions.split("award.made", [user]) == ([user], [user])
        assert subscriptions.split("tender.amended", [user]) == ([user], [user])
        assert "award" not in refused


class TestLibrary:
    def test_keeps_a_document_while_it_is_valid(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        upload = parties.upload("camara.pdf").file
        sent = {"title": "Cámara de comercio", "document": upload, "valid_until": "02/04/2026"}
        assert beto.post(ROOM + "biblioteca/nuevo/", sent).status_code == 303
        item = LibraryItem.objects.get()

        held = [library.lend(cast.ana, item.code, at.replace(month=month)) is not None for month in (3, 5)]

        assert held == [True, False]
        assert library.lend(cast.carla, item.code, at) is None

    def test_is_offered_where_a_document_is_asked(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        item = library.add_to_library(actor=cast.beto, title="Acto general", document=parties.upload(), at=at)

        page = beto.get(ROOM + "delegaciones/nueva/").content.decode()

        assert f'<option value="{item.code}">Acto general</option>' in page

    def test_lends_the_same_bytes_to_another_file(self, cast: parties.Cast, at: datetime) -> None:
        from pliego.documents import services as documents
        from pliego.web.fields import FROM_LIBRARY, Upload

        item = library.add_to_library(actor=cast.beto, title="Acto general", document=parties.upload(), at=at)
        told: dict[str, Any] = {"kind": "delegation_act", "file": cast.entity.file, "audience": "account", "at": at}
        lent = documents.take(actor=cast.beto, value=Upload(upload_id=FROM_LIBRARY + item.code), **told)

        assert (lent.sha256, lent.kind, lent.pk != item.document_id) == (item.document.sha256, "delegation_act", True)
        with pytest.raises(Refused, match="not_in_library"):
            documents.take(actor=cast.carla, value=Upload(upload_id=FROM_LIBRARY + item.code), **told)

    def test_what_is_taken_out_is_no_longer_offered(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        item = library.add_to_library(actor=cast.beto, title="Acto general", document=parties.upload(), at=at)

        assert beto.post(f"{ROOM}biblioteca/{item.code}/retirar/", {}).status_code == 303
        assert library.lend(cast.beto, item.code, at) is None
