"""Page of the versions of a contract, for everybody: any two of them, field by field."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pliego.contracts import queries
from pliego.contracts import versions as kept
from pliego.contracts.models import Contract
from pliego.kernel.actors import ANYONE
from pliego.web.acts import get_visible
from pliego.web.http import Request


@require_safe
def versions(request: Request, code: str) -> HttpResponse:
    """What a signed contract was, what it is, and which modification changed it."""
    contract = get_visible(queries.whole(Contract.objects.visible_to(ANYONE)), code=code)
    found = kept.versions_of(contract)
    old, new = kept.chosen(found, request.GET.get("de", ""), request.GET.get("a", ""))
    context = {"contract": contract, "versions": found, "old": old, "new": new, "rows": kept.compared(old, new)}
    return render(request, "contracts/versions.html", context)
