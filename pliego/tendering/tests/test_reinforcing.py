"""The reinforced mode of an opening: for which it is recommended, what its publication asks, and what that fixes."""

import json
from datetime import timedelta

import pytest

from pliego.accounts.models import User
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.ledger.tests import given as ledger
from pliego.ledger.tests.given import CONTRALORIA, VEEDURIA
from pliego.tendering import openers, reinforcing, services
from pliego.tendering.models import OpeningKey, Tender
from pliego.tendering.tests import given

KEEPER = "Procuraduría de prueba"


def codes(refused):
    return [objection.code for objection in refused.value.objections]


def test_it_is_recommended_for_large_works_and_for_what_is_very_large():
    smmlv = openers.smmlv_of(2026)

    def advised(smmlvs, contract="goods"):
        row = next((r for r in openers.reinforcements() if r.fits(smmlvs * smmlv, smmlv, contract)), None)
        return row.code if row else ""

    assert [advised(19_999, "works"), advised(20_000, "works"), advised(20_000), advised(100_000)] == [
        "", "large_works", "", "large_process",
    ]  # fmt: skip


def test_the_custodian_is_kept_outside_only_by_who_is_neither_the_operator_nor_the_entity(settings):
    settings.PLIEGO_OPERATOR = "Operadora"
    for keeper, found in (("", ""), (" operadora ", ""), ("alcaldía", ""), (KEEPER, KEEPER)):
        settings.PLIEGO_CUSTODIAN_KEEPER = keeper
        assert reinforcing.keeper_of_the_custodian("Alcaldía") == found


@pytest.mark.django_db
class TestPublication:
    def test_is_refused_for_each_thing_that_is_missing_and_fixes_what_was_there(self, at, settings):
        house = given.buyer(at)
        draft = given.reinforced_draft(at, house)

        def asked():
            with pytest.raises(Refused) as refused:
                services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
            return [(objection.code, objection.field) for objection in refused.value.objections]

        members = [("key_not_on_passkey", f"member-{n}") for n in range(1, draft.opening_members.count() + 1)]
        assert asked() == [("too_few_witnesses", "reinforced"), ("custodian_not_outside", "reinforced"), *members]
        settings.PLIEGO_CUSTODIAN_KEEPER = KEEPER
        OpeningKey.objects.exclude(user_id=house.ana.user_id).update(kept_by="passkey")
        ledger.cosigned(CONTRALORIA, at=at)
        ledger.registered_witness(VEEDURIA, at=at)
        assert [code for code, _field in asked()] == ["too_few_witnesses", "key_not_on_passkey"]
        OpeningKey.objects.update(kept_by="passkey")
        ledger.cosigned(VEEDURIA, at=at)
        assert Tender.objects.get(pk=draft.pk).reinforced_with == {}

        services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
        tender = services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)

        told = tender.receipt.content["data"]["opening"]["reinforced"]
        assert (told["needed"], told["keeper"], told["reason"]) == (2, KEEPER, "Es una obra de gran valor")
        assert [each["name"] for each in told["witnesses"]] == [CONTRALORIA, VEEDURIA]
        settings.PLIEGO_CUSTODIAN_KEEPER = "Otra"
        assert Tender.objects.get(pk=tender.pk).custodian_keeper == KEEPER

    def test_of_another_process_says_nothing_of_it_and_wants_a_reason_where_it_does(self, at):
        house = given.buyer(at)
        draft = given.draft_tender(at, house)
        chosen = {"threshold": 2, "members": list(draft.opening_members.values_list("user_id", "capacity"))}
        with pytest.raises(Refused) as refused:
            services.choose_opening_members(actor=house.ana, tender_id=draft.pk, reinforced=True, at=at, **chosen)
        assert codes(refused) == ["no_reason"]

        tender = given.published_tender(at, house)

        assert "reinforced" not in json.dumps([entry.content for entry in Entry.objects.filter(file=tender.ocid)])


@pytest.mark.django_db
def test_it_is_chosen_on_the_page_and_over_the_api_and_the_public_page_says_what_it_is(at, client_for, settings):
    settings.PLIEGO_CUSTODIAN_KEEPER = KEEPER
    house = given.buyer(at)
    draft = given.draft_tender(at, house)
    members = list(draft.opening_members.values_list("user__code", "capacity"))
    ana = client_for(User.objects.get(pk=house.ana.user_id), house.account)
    page, api = f"/escritorio/procesos/{draft.code}/miembros/", f"/api/v1/tenders/{draft.code}/opening"
    shown = ana.get(page).content.decode()
    assert KEEPER in shown
    assert "passkey" in shown

    typed = {"members": [code for code, _capacity in members], "threshold": "2", "reinforced": "on"}
    refused = ana.post(page, typed)
    assert (refused.status_code, [*refused.context["form"].errors]) == (422, ["reinforced_reason"])
    assert refused.context["form"]["reinforced"].value()
    assert ana.post(page, {**typed, "reinforced_reason": "Es una obra grande"}).status_code == 303
    kept = Tender.objects.get(pk=draft.pk)
    assert (kept.is_reinforced, kept.reinforced_reason) == (True, "Es una obra grande")
    told = ana.get(f"/api/v1/tenders/{draft.code}/openers").json()
    assert "No sobra ningún testigo" in told["cautions"][-1]
    assert (told["keeper"], told["reinforcement"]) == (KEEPER, "")

    body = {"threshold": 2, "members": [{"person": code, "capacity": capacity} for code, capacity in members]}
    assert ana.put(api, body, "application/json").json()["opening"].get("reinforced") is None
    why = {"reinforced": True, "reinforced_reason": "Es una concesión"}
    answer = ana.put(api, {**body, **why}, "application/json").json()
    assert answer["opening"]["reinforced"] == {"reason": "Es una concesión"}
    assert ana.put(api, {**body, "hardened": True}, "application/json").status_code == 422

    ledger.cosigned(CONTRALORIA, VEEDURIA, at=at)
    OpeningKey.objects.update(kept_by="passkey")
    services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
    later = at + timedelta(hours=25)
    with pytest.raises(Refused, match="too_few_witnesses"):
        services.publish_tender(actor=given.signed(house.beto, later), tender_id=draft.pk, at=later)
    tender = services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)
    for path in (f"/procesos/{tender.code}/", f"/procesos/{tender.code}/apertura/"):
        public = client_for().get(path).content.decode()
        assert "Es una concesión" in public
        assert KEEPER in public
        assert CONTRALORIA in public
