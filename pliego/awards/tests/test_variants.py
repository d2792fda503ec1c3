"""The variant of the first place may be awarded instead of its base, with the reason; no other is looked at."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from pliego.accounts import signing
from pliego.accounts.models import User
from pliego.authority.cases import source_of
from pliego.awards import queries, rules
from pliego.awards.tests import given
from pliego.evaluation.tests import given as evaluations
from pliego.kernel import clock
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.tendering.tests import given as tenders

WHY = "Monitores de mejor calidad por menos, sin condición alguna."


def refusal(tender, **told):
    with pytest.raises(Refused) as refused:
        given.award(tender, **told)
    return [(objection.code, objection.field) for objection in refused.value.objections]


@pytest.mark.django_db
def test_the_report_says_which_variant_is_looked_at_and_only_that_is_awarded_with_a_reason(at, client_for):
    tender = given.varied_tender(at)
    carla, dario, pablo = evaluations.codes(tender.evaluation)

    assert [(row["bid"], row["variant"]) for row in tender.evaluation.last_report.ranking] == [
        (carla, {"price": "10500000.00", "is_looked_at": True}),
        (dario, {"price": "10000005.00", "is_looked_at": False}),
        (pablo, {"price": "1000005.00", "is_looked_at": False}),
    ]
    assert refusal(tender, bid=dario, reason=WHY, variant=True) == [("variant_not_first", "bid")]
    assert ("does_not_comply", "bid") in refusal(tender, bid=pablo, reason=WHY, variant=True)
    assert refusal(tender, bid=carla, variant=True) == [("variant_without_reason", "reason")]

    choices = source_of("award")
    assert [option for option, _label in choices.options(tender)] == [carla, dario, f"{carla}:variant", "desert"]
    assert choices.describe(tender, f"{carla}:variant").content["value"] == "10500000.00"

    moment, url = evaluations.after_observations(tender), f"/escritorio/procesos/{tender.code}/adjudicar/"
    beto = tenders.people_of(tender).beto
    with clock.fixed(moment):
        client = client_for(User.objects.get(pk=beto.user_id), Account.objects.get(pk=beto.account_id))
        session, now = client.session, clock.real_now().isoformat()
        session[signing.SESSION_KEY] = {"method": "totp", "signed_at": now, "evidence": {}, "at": now}
        session.save()
        page = client.get(url)
        without = client.post(url, {"bid": f"{carla}:variant", "reason": ""})
        sent = client.post(url, {"bid": f"{carla}:variant", "reason": WHY})

    assert [option for option, _label in page.context["form"].fields["bid"].choices] == [
        carla,
        dario,
        f"{carla}:variant",
    ]
    shown = page.content.decode()
    assert "Puede considerarse: la oferta básica cumple y está en el primer puesto." in shown
    assert "No se considera: su oferta básica no está sola en el primer puesto." in shown
    assert "No se considera: su oferta básica no cumple." in shown
    assert (without.status_code, "Escriba por qué la variante conviene más" in without.content.decode()) == (422, True)
    assert (sent.status_code, Entry.objects.get(act="award.made").content["data"]["variant"]) == (303, True)
    award = queries.decision_of(tender)
    assert (award.bid.code, award.is_variant, award.value_amount) == (carla, True, Decimal(10_500_000))


@pytest.mark.parametrize(
    ("chosen", "amount", "reason", "found"),
    [
        ("A", Decimal(9), WHY, []),
        ("A", None, WHY, ["no_variant"]),
        ("B", Decimal(9), WHY, ["variant_not_first"]),
        ("B", None, " ", ["no_variant", "variant_without_reason"]),
    ],
)
def test_only_the_first_place_wins_with_its_variant_where_it_has_one_and_with_a_reason(chosen, amount, reason, found):
    order = [SimpleNamespace(code="A"), SimpleNamespace(code="B")]
    assessment = SimpleNamespace(bid=SimpleNamespace(code=chosen, variant_amount=amount))

    assert [objection.code for objection in rules.variant_cannot_win(order, assessment, reason)] == found
