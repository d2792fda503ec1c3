"""The questionnaire: its questions, and their order."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pliego.tendering import forms, queries, question_forms, services, standard
from pliego.tendering.models import QuestionnaireItem, Tender
from pliego.tendering.views.shown import crumbs, inside, may_write, questions, section, url
from pliego.web.acts import get_visible
from pliego.web.http import Request
from pliego.web.pagination import paginate

# What a button beside a question does, how the page that asks again is called, and what is said when it is done.
ARRANGING: dict[str, tuple[Callable[..., QuestionnaireItem], Any, Any]] = {
    "up": (partial(services.move_item, by=-1), _("Move question %(n)s up"), _("The question moved up.")),
    "down": (partial(services.move_item, by=1), _("Move question %(n)s down"), _("The question moved down.")),
    "copy": (services.duplicate_item, _("Duplicate question %(n)s"), _("The copy is below its original. Change it.")),
}


def _listed(request: Request, tender: Tender) -> dict[str, Any]:
    pager = paginate(request, queries.questions_in_order(tender), per_page=queries.QUESTIONS)
    envelopes = queries.by_envelope(tender, pager, whole=not pager.is_needed)
    document = standard.of(tender)
    for item in (item for envelope in envelopes for item in envelope.items):
        item.asked = standard.question_of(document, item)
    return {"envelopes": envelopes, "pager": pager, "tender": tender, "document": document,
            "title": _("Questionnaire and prices")}  # fmt: skip


@inside()
def items(request: Request, tender: Tender) -> HttpResponse:
    """The questions of the offer; for whoever writes them, one more to add."""
    if (verdict := may_write(request.actor, tender, "questionnaire")) or request.method == "POST":
        return _written(request, code=tender.code)
    context = _listed(request, tender)
    context["reason"] = "" if tender.is_public else verdict.reason
    context["standard"] = standard.told(tender, "questionnaire")
    crumbled = {**context, "crumbs": crumbs(tender, str(context["title"]))}
    return render(request, "tendering/questionnaire.html", crumbled)


@questions
def _written(request: Request, tender: Tender) -> HttpResponse:
    context = _listed(request, tender)
    return section(
        request,
        tender,
        title=str(context["title"]),
        part="questionnaire",
        page="tendering/questionnaire.html",
        form=question_forms.NewItemForm,
        form_options={"tender": tender},
        initial=question_forms.initial_item(None),
        act=lambda data, actor: services.add_item(
            actor=actor, tender_id=tender.pk, at=request.received_at, **question_forms.question_of(data)
        ),
        done=lambda saved: (url("questionnaire", tender), _("The question is saved.")),
        context={
            **context,
            "can_edit": True,
            "submit_label": _("Add the question"),
            "fields_template": "tendering/item_fields.html",
        },
        # A new question has a draft of its own each time: a late autosave must not fill in the next one.
        draft=f"tender:{tender.code}:pregunta:nueva-{tender.items.count() + 1}",
    )


def _item(tender: Tender, number: int) -> QuestionnaireItem:
    return get_visible(tender.items.all(), number=number)


@questions
def item(request: Request, tender: Tender, number: int) -> HttpResponse:
    """Change a question."""
    return section(
        request,
        tender,
        title=str(_("Question %(n)s") % {"n": number}),
        question=number,
        form=question_forms.ItemForm,
        form_options={"tender": tender},
        initial=question_forms.initial_item(_item(tender, number)),
        act=lambda data, actor: services.save_item(
            actor=actor, tender_id=tender.pk, number=number, at=request.received_at, **data
        ),
        done=lambda saved: (url("questionnaire", tender), _("The question is saved.")),
        context={
            "submit_label": _("Save the question"),
            "cancel_url": url("questionnaire", tender),
            "fields_template": "tendering/item_fields.html",
        },
        draft=f"tender:{tender.code}:pregunta:{number}",
    )


@questions
def remove(request: Request, tender: Tender, number: int) -> HttpResponse:
    found = _item(tender, number)
    return section(
        request,
        tender,
        title=str(_("Take out question %(n)s") % {"n": number}),
        form=forms.ConfirmForm,
        act=lambda data, actor: services.remove_item(
            actor=actor, tender_id=tender.pk, number=number, at=request.received_at
        ),
        done=lambda result: (url("questionnaire", tender), _("The question is no longer in the pliego.")),
        context={
            "lead": found.title,
            "submit_label": _("Take it out"),
            "cancel_url": url("questionnaire", tender),
        },
    )


@questions
def arrange(request: Request, tender: Tender, number: int, how: str) -> HttpResponse:
    """Move a question up or down in its envelope, or duplicate it: a button of the list, or this page alone."""
    found = _item(tender, number)
    act, title, said = ARRANGING[how]
    return section(
        request,
        tender,
        title=str(title % {"n": number}),
        form=forms.ConfirmForm,
        act=lambda data, actor: act(actor=actor, tender_id=tender.pk, number=number, at=request.received_at),
        done=lambda item: (place(tender, item), said),
        context={"lead": found.title, "submit_label": title % {"n": number}, "cancel_url": place(tender, found)},
    )


def place(tender: Tender, item: QuestionnaireItem) -> str:
    """The list, where that question is."""
    before = list(queries.questions_in_order(tender).values_list("number", flat=True)).index(item.number)
    page = before // queries.QUESTIONS + 1
    return url("questionnaire", tender) + (f"?page={page}" if page > 1 else "") + f"#pregunta-{item.number}"
