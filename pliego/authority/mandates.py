"""Acting by delegation: the person keeps their name, and has the roles of the delegation and no others.

Guarantees: the grant is looked up at each request, against the moment at which the request arrived: it begins and
ends at its instants exactly (half-open), a revocation ends it at once, and what the grantor no longer holds is not
delegated.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pliego.authority.kinds import acts_of
from pliego.authority.models import Delegation
from pliego.kernel.actors import Actor, Mandate
from pliego.kernel.objections import Objection
from pliego.web.errors import problem

GetResponse = Callable[[HttpRequest], HttpResponse]
SESSION_KEY = "delegation"
HEADER = "Pliego-Delegation"


def acting_under(*, actor: Actor, code: str, at: datetime) -> Actor | None:
    """The person acting by that delegation, or None when it is not theirs or not in force. One query."""
    rows = Delegation.objects.in_force(at).select_related("grantor__user")
    found = rows.filter(
        code=code,
        account_id=actor.account_id or 0,
        delegate__user_id=actor.user_id or 0,
        delegate__state="accepted",
        grantor__state="accepted",
        grantor__user__is_active=True,
    ).first()
    if found is None:
        return None
    mandate = Mandate(
        code=found.code,
        grantor_id=found.grantor.user_id,
        grantor_code=found.grantor.user.code,
        grantor_name=found.grantor.user.full_name,
        acts=acts_of(found.kinds),
        kinds=frozenset(found.kinds),
        limit=found.limit_amount,
        ends_at=found.ends_at,
    )
    return replace(actor, roles=frozenset(found.roles) & frozenset(found.grantor.all_roles), mandate=mandate)


def acting_mandate(get_response: GetResponse) -> GetResponse:
    """`request.actor` acts by the delegation that the session took up, or that the request of the API names."""

    def middleware(request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        named = request.headers.get(HEADER, "") if request.path.startswith("/api/") else ""
        code = named or (_taken_up(request) if actor.account_id is not None else "")
        if code:
            mandated = acting_under(actor=actor, code=code, at=request.received_at)  # type: ignore[attr-defined]
            if mandated is None and named:
                said = _("This delegation is not in force, or is not yours.")
                return problem(request, [Objection("delegation_not_in_force", said)], 403)
            if mandated is None:
                del request.session[SESSION_KEY]
                messages.warning(request, _("The delegation is over: you act again in your own name."))
            request.actor = mandated or actor  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _taken_up(request: HttpRequest) -> str:
    if hasattr(request, "api_token"):
        return ""
    return str(request.session.get(SESSION_KEY, ""))
