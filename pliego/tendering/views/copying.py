"""Filling a draft from another process: which one, and which of its sections."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.kernel.objections import Refused
from pliego.tendering import forms, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.views.shown import crumbs, inside, section, url
from pliego.web.http import Request


@inside(Act.COPY)
def copy(request: Request, tender: Tender) -> HttpResponse:
    """Ask for the process; then, with it in the address, for the sections."""
    form = forms.SourceForm(request.GET if "source" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            source = services.source_of(request.actor, form.cleaned_data["source"])
        except Refused as refused:
            form.object_to(refused.objections)
        else:
            return _choose(request, tender, source)
    title = _("Copy from another process")
    context = {"tender": tender, "form": form, "title": title, "crumbs": crumbs(tender, title)}
    return render(request, "tendering/copy.html", context, status=422 if form.errors else 200)


def _choose(request: Request, tender: Tender, source: Tender) -> HttpResponse:
    parts = services.parts_to_copy(tender, source)
    return section(
        request,
        tender,
        title=_("Copy from another process"),
        form=forms.CopyForm,
        form_options={"choices": [(part.code, part.title) for part in parts]},
        initial={"parts": [part.code for part in parts if part.is_started(source)]},
        act=lambda data, actor: services.copy_from(
            actor=actor, tender_id=tender.pk, source_code=source.code, parts=data["parts"], at=request.received_at
        ),
        done=lambda copied: (url("hub", tender), _("Copied. Check each section: what is new here is yours to write.")),
        context={
            "lead": _("From %(source)s.") % {"source": f"{source.code} · {source.title}"},
            "submit_label": _("Copy these sections"),
            "cancel_url": url("hub", tender),
        },
    )
