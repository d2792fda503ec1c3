"""The sections that tendering itself owns: how each is read from its tables, written into them, and put in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection
from pliego.planning.models import Funding
from pliego.tendering import plan_lines, rules
from pliego.tendering.codes import CONTRACT_TYPES, in_words
from pliego.tendering.models import PriceLine, PriceLoad, QuestionnaireItem, Tender
from pliego.tendering.sections import Content, Section, Words, register
from pliego.tendering.services.drafting import Budget, General
from pliego.tendering.services.questioning import ItemData
from pliego.tendering.sources import Source


@dataclass(frozen=True, kw_only=True)
class GeneralPart(General):
    """The general data and the budget certificate (CDP): one section."""

    title: str = ""
    number: str = ""
    amount: Decimal | None = None
    funding_source: str = ""

    @property
    def budget(self) -> Budget:
        return Budget(number=self.number, amount=self.amount, funding_source=self.funding_source)


OWN = ("title", "plan_justification", "causal", "method_justification", "number", "amount", "funding_source")
GENERAL = tuple(General.__dataclass_fields__)


def read_general(tender: Tender) -> GeneralPart:
    return GeneralPart(
        **{name: getattr(tender, name) for name in GENERAL},
        number=tender.budget_certificate,
        amount=tender.budget_certificate_amount,
        funding_source=tender.funding_source,
    )


def write_general(tender: Tender, content: GeneralPart) -> None:
    for name in GENERAL:
        setattr(tender, name, getattr(content, name))
    content.budget.put_on(tender)
    tender.save()


def general_is_wrong(tender: Tender, content: GeneralPart) -> Iterator[Objection]:
    yield from rules.general_is_wrong(tender, content)
    yield from rules.budget_is_too_small(tender, content.value_amount, content.amount)


def _pesos(amount: Decimal | None) -> str:
    return "" if amount is None else format_money(Money(amount, "COP"))


def general_in_words(tender: Tender, content: GeneralPart) -> Words:
    codes = [code for code in (content.unspsc_main, *content.unspsc_additional) if code]
    return [
        (_("Name of the process"), content.title),
        (_("What is to be contracted"), content.description),
        (_("UNSPSC"), ", ".join(codes)),
        (_("Type of contract"), dict(CONTRACT_TYPES).get(content.contract_type, "")),
        (_("Estimated value"), _pesos(content.value_amount)),
        (_("Duration"), in_words(content.duration, content.duration_unit) if content.duration else ""),
        (_("Municipality of performance"), content.delivery_municipality),
        (_("Address of performance"), content.delivery_address),
        (_("Justification of the method"), content.method_justification),
        (_("Why this purchase is not in the annual plan"), content.plan_justification),
        (_("Budget certificate (CDP)"), content.number),
        (_("Value of the certificate in pesos"), _pesos(content.amount)),
        (_("Source of the money"), dict(Funding.choices).get(content.funding_source, "")),
    ]


@dataclass(frozen=True)
class ItemPart:
    """A question with its price lines: the columns of their tables, as they are."""

    question: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class QuestionnairePart:
    items: list[ItemPart] = field(default_factory=list)


def _columns(model: type[models.Model], *without: str) -> "list[models.Field[Any, Any]]":
    return [column for column in model._meta.concrete_fields if column.name not in {"id", "tender", *without}]


def read_questionnaire(tender: Tender) -> QuestionnairePart:
    columns, line_columns = _columns(QuestionnaireItem), _columns(PriceLine, "item")
    lines: dict[int, list[dict[str, Any]]] = {}
    for line in tender.price_lines.order_by("item_id", "number"):
        lines.setdefault(line.item_id, []).append({c.name: getattr(line, c.name) for c in line_columns})
    return QuestionnairePart(
        [
            ItemPart({c.name: getattr(item, c.name) for c in columns}, lines.get(item.pk, []))
            for item in tender.items.order_by("number")
        ]
    )


def write_questionnaire(tender: Tender, content: QuestionnairePart) -> None:
    """Put the questions in the tables anew. Offers name a question by its number, never by its row."""
    PriceLoad.objects.filter(item__tender=tender).delete()
    tender.price_lines.all().delete()
    tender.items.all().delete()
    columns, line_columns = _columns(QuestionnaireItem), _columns(PriceLine, "item")
    items = [
        QuestionnaireItem(tender=tender, **{c.name: c.to_python(part.question[c.name]) for c in columns})
        for part in content.items
    ]
    QuestionnaireItem.objects.bulk_create(items)
    PriceLine.objects.bulk_create(
        (
            PriceLine(tender=tender, item=item, **{c.name: c.to_python(line[c.name]) for c in line_columns})
            for item, part in zip(items, content.items, strict=True)
            for line in part.lines
        ),
        batch_size=2000,
    )


def _cells(model: type[models.Model], said: dict[str, Any], place: str, *without: str) -> Iterator[Objection]:
    """What is wrong in a row of the questionnaire: each column of its table, once, with what fits in it."""
    columns = {column.name: column for column in _columns(model, *without)}
    if columns.keys() != said.keys():
        told = {"names": ", ".join(sorted(columns.keys() ^ said.keys())), "place": place}
        yield Objection("bad_row", _("%(place)s: these fields are missing, or unknown: %(names)s.") % told, place)
        return
    for name, column in columns.items():
        try:
            if said[name] is not None or not column.null:
                column.clean(said[name], None)
        except (ValidationError, TypeError) as error:
            why = " ".join(error.messages) if isinstance(error, ValidationError) else _("It is of another type.")
            yield Objection("bad_value", _("%(field)s: %(why)s") % {"field": f"{place}.{name}", "why": why}, place)


def questionnaire_faults(content: QuestionnairePart) -> Iterator[Objection]:
    """What cannot be put in the tables of any process."""
    for n, part in enumerate(content.items):
        yield from _cells(QuestionnaireItem, part.question, f"items[{n}].question")
        for line, said in enumerate(part.lines):
            yield from _cells(PriceLine, said, f"items[{n}].lines[{line}]", "item")


def questionnaire_is_wrong(tender: Tender, content: QuestionnairePart) -> Iterator[Objection]:
    """The same that the page of each question refuses, for contents that come whole: of a copy, or of the API."""
    faults = list(questionnaire_faults(content))
    yield from faults
    for part in content.items if not faults else ():
        columns = [column for column in _columns(QuestionnaireItem) if column.name != "number"]
        said = {c.name: c.to_python(part.question[c.name]) for c in columns}
        yield from rules.item_is_wrong(tender, QuestionnaireItem(), ItemData(**said))


def questionnaire_in_words(tender: Tender, content: QuestionnairePart) -> Words:
    found: Words = []
    for part in content.items:
        asked = part.question
        label = _("Question %(n)s") % {"n": asked["number"]}
        found.append((label, " · ".join(filter(None, [asked["title"], asked["help"], ", ".join(asked["options"])]))))
        for line in part.lines:
            words = f"{line['description']} · {line['quantity']} {line['unit']}"
            found.append((_("Question %(n)s, line %(line)s") % {"n": asked["number"], "line": line["number"]}, words))
    return found


@dataclass(frozen=True)
class SchedulePart:
    milestones: dict[str, datetime] = field(default_factory=dict)


def schedule_in_words(tender: Tender, content: SchedulePart) -> Words:
    known = {milestone.code: milestone.title for milestone in tender.rulebook.milestones}
    return [(str(known[code]), instant(due)) for code, due in content.milestones.items() if code in known]


def _has(relation: str) -> Any:
    return lambda tender: getattr(tender, relation).exists()


def _never(tender: Tender, source: Source) -> bool:
    return False


def _same_envelopes(tender: Tender, source: Source) -> bool:
    """The envelopes of a question are the method's: the same ones, which hold the same."""
    return source.envelopes == {envelope.code: envelope.holds for envelope in tender.rulebook.envelopes}


def _has_bidding(tender: Tender) -> bool:
    return tender.has_bidding


def opening_held(tender: Tender) -> Content:
    members = tender.opening_members.values_list("user_id", "capacity")
    held: Content = {"threshold": tender.opening_threshold, "members": sorted(map(list, members))}
    return held | ({"reinforced": tender.reinforced_reason} if tender.is_reinforced else {})


# fmt: off
register(
    Section(code="general", title=_("General information and budget"), path="datos/", group="general",
            rule=rules.general_part_is_incomplete, started=lambda tender: True, shape=GeneralPart, read=read_general,
            write=write_general, wrong=general_is_wrong, words=general_in_words, own=OWN,
            warns=plan_lines.warnings),
    Section(code="schedule", title=_("Schedule"), path="cronograma/", rule=rules.schedule_is_wrong,
            started=_has("milestones"), shape=SchedulePart, read=lambda tender: SchedulePart(tender.schedule),
            words=schedule_in_words, is_amendable=False, copies=_never),
    Section(code="questionnaire", title=_("Questionnaire and prices"), path="cuestionario/", group="questionnaire",
            rule=rules.questionnaire_is_incomplete, applies=_has_bidding, started=_has("items"),
            shape=QuestionnairePart, read=read_questionnaire, write=write_questionnaire, words=questionnaire_in_words,
            wrong=questionnaire_is_wrong,
            copies=_same_envelopes),
    Section(code="opening", title=_("Who opens the offers"), path="miembros/", group="evaluation",
            rule=rules.opening_is_incomplete, applies=_has_bidding, started=_has("opening_members"),
            held=opening_held, is_amendable=False),
    Section(code="documents", title=_("Documents of the process"), path="documentos/", group="documents",
            rule=rules.documents_are_missing, started=_has("documents"), is_amendable=False),
    Section(code="invitation", title=_("Invited suppliers"), path="invitados/", group="invitation",
            rule=rules.invitation_is_missing, applies=lambda tender: tender.rulebook.flags.invites,
            started=_has("invitations"), is_amendable=False),
)
# fmt: on
