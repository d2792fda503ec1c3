"""Reading a file, its preview, and the one button that does all of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.bulk import forms, services
from pliego.bulk.kinds import KINDS, words_for
from pliego.bulk.models import Batch
from pliego.bulk.policy import POLICY
from pliego.kernel.objections import Denied, Unknown
from pliego.parties.models import Account
from pliego.parties.views import GET_OR_POST, actor_of, at_of
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.forms import Form
from pliego.web.pagination import paginate

SLUGS = {"personas": "people", "proveedores": "suppliers"}


@GET_OR_POST
@signed_in
def read(request: HttpRequest, slug: str) -> HttpResponse:
    if (kind := SLUGS.get(slug)) is None:
        raise Unknown()
    if not (verdict := POLICY.verdict(actor_of(request), services.READS[kind])):
        raise Denied(verdict.reason)

    def keep(data: dict[str, Any], actor: Any) -> Batch:
        sent = data["file"]
        return services.read(actor=actor, kind=kind, content=sent, name=sent.name, at=at_of(request))

    shape = KINDS[kind]
    column, words = words_for(kind, Account.objects.filter(pk=actor_of(request).account_id).first())
    return perform(
        request, page="bulk/read.html", form=forms.File, act=keep,
        done=lambda batch: reverse("bulk:batch", args=[batch.code]),
        context={"kind": kind, "columns": [(name, name in shape.required) for name in shape.columns],
                 "column": column, "words": words, "submit_label": _("Read the file"),
                 "title": _("Invite people from a file") if kind == "people" else _("Register suppliers from a file")},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """Every row with what is wrong in it; and, when nothing is, the button that does all of it."""
    found = get_visible(Batch.objects.visible_to(actor_of(request)).select_related("account", "read_by"), code=code)
    fields = KINDS[found.kind].columns.values()
    rows = [
        (number, [row.get(field, "") for field in fields], found.faults.get(str(number), []))
        for number, row in enumerate(found.rows, start=2)
    ]

    def act(data: dict[str, Any], actor: Any) -> Batch:
        move = services.drop if request.POST.get("accion") == "descartar" else services.apply
        return move(actor=actor, batch_id=found.pk, at=at_of(request))

    said = {"applied": _("Every row was done."), "dropped": _("The file was dropped; nothing was done.")}
    return perform(
        request, page="bulk/batch.html", form=Form, act=act,
        done=lambda done: (reverse("bulk:batch", args=[code]), said[done.state]),
        context={"batch": found, "pager": paginate(request, rows), "columns": list(KINDS[found.kind].columns),
                 "wrong": len(found.faults)},
    )  # fmt: skip
