"""The questionnaire and its price lists."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.objections import Unknown
from pliego.tendering import forms, price_lists, queries, services
from pliego.tendering.models import QuestionnaireItem, Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.views.shown import crumbs, inside, section, url
from pliego.web.acts import get_visible
from pliego.web.http import Request
from pliego.web.pagination import paginate

FILES = {
    "csv": (price_lists.to_csv, "text/csv; charset=utf-8"),
    "xlsx": (price_lists.to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@inside()
def items(request: Request, tender: Tender) -> HttpResponse:
    """The questions of the offer and, while it is a draft, one more to add."""
    if not (verdict := POLICY.verdict(request.actor, Act.EDIT_QUESTIONNAIRE, tender)):
        context = {"envelopes": queries.questionnaire(tender), "tender": tender, "title": _("Questionnaire and prices")}
        context["reason"] = "" if tender.is_public else verdict.reason
        crumbled = {**context, "crumbs": crumbs(tender, _("Questionnaire and prices"))}
        return render(request, "tendering/questionnaire.html", crumbled)
    return section(
        request,
        tender,
        title=_("Questionnaire and prices"),
        part="questionnaire",
        page="tendering/questionnaire.html",
        form=forms.NewItemForm,
        form_options={"tender": tender},
        initial=forms.initial_item(None),
        act=lambda data, actor: services.add_item(
            actor=actor, tender_id=tender.pk, at=request.received_at, **forms.question_of(data)
        ),
        done=lambda saved: (url("questionnaire", tender), _("The question is saved.")),
        context={
            "envelopes": queries.questionnaire(tender),
            "can_edit": True,
            "submit_label": _("Add the question"),
            "fields_template": "tendering/item_fields.html",
        },
        # A new question has a draft of its own each time: a late autosave must not fill in the next one.
        draft=f"tender:{tender.code}:pregunta:nueva-{tender.items.count() + 1}",
    )


def _item(tender: Tender, number: int) -> QuestionnaireItem:
    return get_visible(tender.items.all(), number=number)


@inside(Act.EDIT_QUESTIONNAIRE)
def item(request: Request, tender: Tender, number: int) -> HttpResponse:
    """Change a question."""
    return section(
        request,
        tender,
        title=_("Question %(n)s") % {"n": number},
        form=forms.ItemForm,
        form_options={"tender": tender},
        initial=forms.initial_item(_item(tender, number)),
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


@inside(Act.EDIT_QUESTIONNAIRE)
def remove(request: Request, tender: Tender, number: int) -> HttpResponse:
    found = _item(tender, number)
    return section(
        request,
        tender,
        title=_("Take out question %(n)s") % {"n": number},
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


@inside(Act.EDIT_QUESTIONNAIRE)
def price_list(request: Request, tender: Tender, number: int) -> HttpResponse:
    """The lines of a price list, and rows to put in their place."""
    found = get_visible(tender.items.filter(kind="price_list"), number=number)

    return section(
        request,
        tender,
        title=found.title,
        page="tendering/price_list.html",
        form=forms.PriceListForm,
        act=lambda data, actor: services.save_price_list(
            actor=actor, tender_id=tender.pk, number=number, rows=forms.rows_of(data), at=request.received_at
        ),
        done=lambda saved: (url("price_list", tender, number), _("The price list is saved.")),
        context={
            "item": found,
            "pager": paginate(request, found.price_lines.all()),
            "submit_label": _("Put these rows in the price list"),
            "cancel_url": url("questionnaire", tender),
        },
    )


@inside()
def download(request: Request, tender: Tender, number: int, form: str) -> HttpResponse:
    """A price list as a spreadsheet, to fill in elsewhere and bring back."""
    found = get_visible(tender.items.filter(kind="price_list"), number=number)
    if form not in FILES:
        raise Unknown()
    write, media_type = FILES[form]
    answer = HttpResponse(write(found.price_lines.all()), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{tender.code}-precios-{number}.{form}"'
    return answer
