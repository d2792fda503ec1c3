"""Filling a draft from another process or a template: which one, and which of its sections."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.objections import Refused, refuse_if_any
from pliego.tendering import forms, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.sources import Source
from pliego.tendering.views.shown import crumbs, inside, section, url
from pliego.web.http import Request


@inside(Act.COPY)
def copy(request: Request, tender: Tender) -> HttpResponse:
    """Ask for the process; then, with it in the address, for the sections."""
    asked = {"source", "template"} & request.GET.keys()
    form = forms.SourceForm(
        request.GET if asked else None, offers=services.offers_to(request.actor, method=tender.method)
    )
    if form.is_bound and form.is_valid():
        try:
            source = services.source_of(request.actor, form.cleaned_data["source"])
            refuse_if_any(source.does_not_fit(tender, "source"))
        except Refused as refused:
            form.object_to(refused.objections)
        else:
            return _choose(request, tender, source)
    title = _("Copy from a process or a template")
    context = {"tender": tender, "form": form, "title": title, "crumbs": crumbs(tender, title)}
    return render(request, "tendering/copy.html", context, status=422 if form.errors else 200)


def _choose(request: Request, tender: Tender, source: Source) -> HttpResponse:
    parts = services.parts_to_copy(tender, source)
    return section(
        request,
        tender,
        title=_("Copy from a process or a template"),
        form=forms.CopyForm,
        form_options={"choices": [(part.code, part.title) for part in parts]},
        initial={"parts": [part.code for part in parts if source.is_started(part.code)]},
        act=lambda data, actor: services.copy_from(
            actor=actor, tender_id=tender.pk, source_code=source.code, parts=data["parts"], at=request.received_at
        ),
        done=lambda copied: (url("hub", tender), _("Copied. Check each section: what is new here is yours to write.")),
        context={
            "lead": _("From %(source)s.") % {"source": str(source)},
            "submit_label": _("Copy these sections"),
            "cancel_url": url("hub", tender),
        },
    )
