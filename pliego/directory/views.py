"""The public directory and the profile of an account."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from pliego.directory import files, pages, queries
from pliego.directory.asking import Asked, ask
from pliego.directory.policy import POLICY, Act
from pliego.directory.search import search
from pliego.web.http import Request


def directory(request: Request) -> HttpResponseBase:
    """Suppliers and entities, for anybody."""
    asked = ask(request.GET)
    form = request.GET.get("formato", "")
    if form in files.FORMATS and not asked.objections:
        return files.FORMATS[form](asked)
    context = {
        "asked": asked,
        "typed": asked.typed,
        "choices": pages.choices(asked),
        "faults": {objection.field: objection for objection in asked.objections},
        "has_errors": bool(asked.objections),
        **({} if asked.objections else _found(request, asked)),
    }
    return render(request, "directory/list.html", context, status=422 if asked.objections else 200)


def _found(request: Request, asked: Asked) -> dict[str, Any]:
    found = search(question=asked.question)
    return {
        "lines": pages.lines(found),
        "counted": pages.counted(found),
        "is_newest_first": found.is_newest_first,
        "next": f"{request.path}?{asked.address(after=found.after)}" if found.after else "",
        "start": f"{request.path}?{asked.address()}" if asked.typed["after"] else "",
        "same": asked.address(),
    }


def profile(request: Request, code: str) -> HttpResponse:
    """What this reader may see of an account."""
    profiled = queries.profile_of(actor=request.actor, code=code, at=request.received_at)
    invites = profiled.account.is_supplier and POLICY.verdict(request.actor, Act.INVITE, profiled.account)
    context = {
        **pages.context_of(profiled),
        "invite_url": reverse("directory:invite-to", args=[code]) if invites else "",
    }
    return render(request, "directory/profile.html", context)
