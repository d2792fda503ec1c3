"""Every component on one page, on practice installations: for who builds pages, and for the browser tests."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Unknown
from pliego.web.acts import perform
from pliego.web.buttons import button
from pliego.web.forms import DateField, DateTimeField, Form, MoneyField, NitField, UploadField
from pliego.web.pagination import paginate

WORDS = {
    "draft": _("Draft"),
    "published": _("Receiving bids"),
    "opened": _("Under evaluation"),
    "submitted": _("Sent for approval"),
    "returned": _("Returned"),
    "cancelled": _("Cancelled"),
    "finished": _("Finished"),
    "general": _("General data"),
    "schedule": _("Schedule"),
    "close": _("Two dates are too close."),
    "documents": _("Documents"),
    "number": _("Number"),
    "budget": _("Official budget"),
    "received": _("Your offer is received"),
    "nothing": _("Nothing here yet"),
    "will": _("What you publish will appear in this list."),
    "public": _("Published"),
    "opening": _("Opening"),
    "here": _("You are here"),
    "components": _("Components"),
}


class Sample(Form):
    never_drafted = ("price",)

    title = forms.CharField(label=_("Title of the process"), max_length=100, help_text=_("As it will be published."))
    terms = forms.CharField(
        label=_("Conditions"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    price = MoneyField(label=_("Official budget"), help_text=_("In pesos, with taxes."))
    nit = NitField(label=_("NIT of the supplier"), required=False)
    due = DateField(label=_("Delivery day"), help_text=_("For example, 21/11/2026."), required=False)
    closes_at = DateTimeField(label=_("Closing of offers"), help_text=_("Legal time of Colombia."), required=False)
    kind = forms.ChoiceField(
        label=_("What is bought"),
        choices=[("goods", _("Goods")), ("works", _("Works")), ("services", _("Services"))],
        widget=forms.RadioSelect,
    )
    method = forms.ChoiceField(label=_("Method"), choices=[("", "—"), ("minima_cuantia", "Mínima cuantía")])
    places = forms.MultipleChoiceField(
        label=_("Places of delivery"),
        choices=[("11", "Bogotá, D. C."), ("05", "Antioquia"), ("76", "Valle del Cauca")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    document = UploadField(label=_("Technical annex"), required=False, accept=".pdf,.docx,.xlsx")
    is_read = forms.BooleanField(label=_("I have read the rules of this process"), required=True)


def pieces(request: HttpRequest) -> dict[str, Any]:
    """What the page shows beside the form."""
    at = request.received_at  # type: ignore[attr-defined]
    reason = Objection("too_soon", _("Two business days must pass first."), legal_basis="Decreto 1082 de 2015")
    return {
        "words": WORDS,
        "tomorrow": at + timedelta(days=1, hours=2),
        "yesterday": at - timedelta(days=1),
        "on": button(_("Publish the process"), "#formulario"),
        "off": button(_("Publish the process"), "#formulario", objections=[reason]),
        "pager": paginate(request, [f"PLG.EXP.{1_000_000 + n}" for n in range(260)]),
        "submit_label": _("Save and go on"),
    }


def components(request: HttpRequest) -> HttpResponse:
    if not settings.PLIEGO_PRACTICE:
        raise Unknown()
    return perform(
        request,
        page="web/components.html",
        form=Sample,
        context=pieces(request),
        act=lambda data, actor: data["title"],
        done=lambda title: (request.path, _("Saved: %(title)s") % {"title": title}),
        draft="componentes",
    )
