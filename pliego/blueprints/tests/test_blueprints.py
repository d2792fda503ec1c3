"""Templates of an entity: made from a process, revised, retired, given away, and copied by the road of every copy."""

import json

import pytest

from pliego.accounts.models import User
from pliego.blueprints import files, queries, services
from pliego.blueprints.models import Blueprint
from pliego.blueprints.services import BlueprintData
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering import sections
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests import given

DATA = BlueprintData(name="Suministro de equipos", methods=["minima_cuantia"])


def saved(house, draft, at, parts=("general", "questionnaire"), **more):
    told = {"actor": house.beto, "tender_id": draft.pk, "parts": list(parts), "data": DATA, "at": at}
    return services.save_blueprint(**{**told, **more})


def refused(act, why, /, **told):
    with pytest.raises(Refused) as found:
        act(**told)
    assert {objection.code for objection in found.value.objections} == {why}


class TestTemplate:
    def test_keeps_what_a_process_says_but_not_what_is_its_own(self, house, draft, at):
        made = saved(house, draft, at)

        version = made.versions.get()
        assert (made.code[:8], made.version, version.made_from) == ("PLG.PLT.", 1, draft.code)
        assert version.sections["general"]["description"] == draft.description
        assert not {"title", "number", "amount"} & version.sections["general"].keys()
        entry = Entry.objects.get(pk=made.receipt.pk)
        said = json.loads(entry.body)["data"]
        assert (entry.act, said["sections"].keys()) == ("template.saved", version.sections.keys())
        refused(services.save_blueprint, "no_sections", actor=house.beto, tender_id=draft.pk, parts=["schedule"],
                data=DATA, at=at)  # fmt: skip
        with pytest.raises(Denied):
            saved(house, draft, at, actor=house.ana)

    def test_is_the_source_of_a_new_process_which_remembers_the_version(self, house, draft, at):
        made = saved(house, draft, at)
        common = {"actor": house.ana, "title": "Otra", "plan_justification": "No estaba", "at": at}

        tender = tendering.create_tender(reference="MC-1", method="minima_cuantia", source_code=made.code, **common)

        assert (tender.title, tender.description, tender.budget_certificate) == ("Otra", draft.description, "")
        asked = sections.get("questionnaire")
        assert asked.plain(tender) == asked.plain(draft)
        told = set(tender.origins.values_list("part", "source", "version"))
        assert told == {("general", made.code, 1), ("questionnaire", made.code, 1)}
        refused(tendering.create_tender, "wrong_method", reference="LP-1", method="licitacion_publica",
                source_code=made.code, **common)  # fmt: skip

    def test_has_versions_and_the_old_ones_can_be_read(self, house, draft, at):
        made = saved(house, draft, at)
        told = {"actor": house.beto, "code": made.code, "at": at}
        other = BlueprintData(name="Equipos", methods=["minima_cuantia", "licitacion_publica"])

        services.revise_blueprint(data=other, parts=["general"], seen=1, **told)
        refused(services.revise_blueprint, "edited_meanwhile", data=DATA, parts=["general"], seen=1, **told)
        refused(services.revise_blueprint, "no_sections", data=DATA, parts=["questionnaire"], **told)
        saved(house, draft, at, parts=["questionnaire"], code=made.code, seen=2)

        kept = [(version.number, sorted(version.sections)) for version in made.versions.order_by("number")]
        assert kept == [
            (1, ["general", "questionnaire"]), (2, ["general"]), (3, ["general", "questionnaire"])]  # fmt: skip

    def test_is_retired_and_restored_and_belongs_to_its_entity(self, house, draft, at):
        made, told = saved(house, draft, at), {"actor": house.beto, "at": at}
        copying = {"actor": house.ana, "tender_id": given.empty_tender(at, house).pk, "at": at}

        services.retire_blueprint(code=made.code, **told)

        assert tendering.offers_to(house.ana) == []
        refused(tendering.copy_from, "unknown_process", source_code=made.code, **copying)
        with pytest.raises(Denied):
            services.retire_blueprint(code=made.code, **told)
        services.restore_blueprint(code=made.code, **told)
        assert [offer.code for offer in tendering.offers_to(house.ana, "minima_cuantia")] == [made.code]
        assert tendering.offers_to(house.ana, "licitacion_publica") == []
        tendering.copy_from(source_code=made.code, parts=["general"], **copying)

        other = given.buyer(at, "Gobernación de Valle Lejano", "999900009")
        with pytest.raises(Unknown):
            services.retire_blueprint(actor=other.beto, code=made.code, at=at)
        theirs = {"actor": other.ana, "tender_id": given.empty_tender(at, other).pk, "at": at}
        refused(tendering.copy_from, "unknown_process", source_code=made.code, **theirs)
        given_away = services.import_blueprint(actor=other.beto, content=files.written(made.versions.get()), at=at)
        tendering.copy_from(source_code=given_away.code, **theirs)
        assert Tender.objects.get(pk=theirs["tender_id"]).items.count() == draft.items.count()
        assert [row.code for row in queries.found(other.ana, words="equipos")] == [given_away.code]


class TestPages:
    def test_lead_from_a_process_to_a_template_and_back(
        self, house, draft, at, client_for, django_assert_max_num_queries
    ):
        ana, beto = (client_for(User.objects.get(pk=who.user_id), house.account) for who in (house.ana, house.beto))
        room = "/escritorio/plantillas/"
        assert "Aún no hay plantillas" in ana.get(room).content.decode()
        assert "Guardar como plantilla" not in ana.get(f"/escritorio/procesos/{draft.code}/").content.decode()
        assert "Guardar como plantilla" in beto.get(f"/escritorio/procesos/{draft.code}/").content.decode()
        address = f"/escritorio/procesos/{draft.code}/plantilla/"
        assert ana.get(address).status_code == 403
        typed = {"template": "", "name": "Equipos", "methods": ["minima_cuantia"], "parts": ["questionnaire"]}
        assert beto.post(address, {**typed, "parts": []}).status_code == 422
        assert beto.post(address, typed).status_code == 303
        made = Blueprint.objects.get()

        page = ana.get(f"{room}{made.code}/").content.decode()
        assert "Computador portátil" in page
        del typed["template"]
        for seen, status in ((9, 422), (1, 303)):
            sent = beto.post(f"{room}{made.code}/editar/", {**typed, "name": "Otro", "seen": seen})
            assert sent.status_code == status
        assert "versión 1" in ana.get(f"{room}{made.code}/?version=1").content.decode()
        wrong = beto.post(f"{room}importar/", {"file": given_file(b"{}")})
        assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"file"})
        exported = ana.get(f"{room}{made.code}/v2.json")
        assert json.loads(exported.content)["name"] == "Otro"
        assert beto.post(f"{room}importar/", {"file": given_file(exported.content)}).status_code == 303
        with django_assert_max_num_queries(30):
            listed = ana.get(f"{room}?q=otro&modalidad=minima_cuantia")
        assert len(listed.context["pager"].page.object_list) == 2
        assert beto.post(f"{room}{made.code}/retirar/", {}).status_code == 303
        assert len(ana.get(room).context["pager"].page.object_list) == 1
        assert beto.post(f"{room}{made.code}/restaurar/", {}).status_code == 303

        fresh = given.empty_tender(at, house)
        copy = f"/escritorio/procesos/{fresh.code}/copiar/"
        assert ana.get(copy, {"template": "", "source": ""}).status_code == 422
        asked = ana.get(copy, {"template": made.code, "source": ""})
        assert [code for code, _title in asked.context["form"].fields["parts"].choices] == ["questionnaire"]
        sent = ana.post(f"{copy}?template={made.code}&source=", {"parts": ["questionnaire"]})
        assert sent.status_code == 303
        hub = ana.get("/escritorio/procesos/nuevo/", {"plantilla": made.code}).content.decode()
        assert f'value="{made.code}" selected' in hub

    def test_are_also_operations_of_the_api(self, house, draft, at, client_for):
        beto = client_for(User.objects.get(pk=house.beto.user_id), house.account)

        def call(method, path, body=None):
            answer = beto.generic(
                method, f"/api/v1/templates{path}", json.dumps(body or {}), content_type="application/json"
            )
            return answer.status_code, answer.json()

        said = {"name": "Equipos", "methods": ["minima_cuantia"], "parts": ["general"]}
        status, made = call("POST", "", {**said, "tender": draft.code})
        assert (status, made["version"]) == (201, 1)
        assert call("PUT", f"/{made['code']}", {**said, "name": "Otro", "seen": 1})[1]["version"] == 2
        assert call("GET", f"/{made['code']}?version=1")[1]["name"] == "Equipos"
        file = call("GET", f"/{made['code']}/file")[1]
        assert call("POST", "/import", {"file": file})[0] == 201
        assert call("POST", "/import", {"file": {**file, "spy": 1}})[0] == 422
        assert call("POST", f"/{made['code']}/retire")[1]["state"] == "retired"
        assert call("POST", f"/{made['code']}/restore")[1]["state"] == "active"
        assert [row["name"] for row in call("GET", "?method=minima_cuantia")[1]] == ["Otro", "Otro"]
        assert call("POST", "", {**said, "tender": draft.code, "extra": 1})[0] == 422


def given_file(content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("plantilla.json", content, content_type="application/json")
