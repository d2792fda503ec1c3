"""A template as a source of sections: processes copy from it as they copy from another process."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.authority import menu
from pliego.authority.policy import Act
from pliego.blueprints.models import Blueprint, BlueprintVersion
from pliego.blueprints.policy import ROOM_POLICY, RoomAct
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.tendering.models import Tender
from pliego.tendering.services.copying import register
from pliego.tendering.sources import Offer, Source


def source(blueprint: Blueprint, version: BlueprintVersion) -> Source:
    return Source(
        code=blueprint.code,
        title=version.name,
        version=version.number,
        methods=tuple(version.methods),
        method=version.method,
        method_version=version.method_version,
        parts=tuple(version.sections),
        is_started=lambda part: part in version.sections,
        content=lambda part: version.sections[part],
    )


def find(actor: Actor, code: str) -> Source | None:
    """A template in use of one's own account, as its last version."""
    blueprint = Blueprint.objects.visible_to(actor).filter(code=code, state="active").first()
    return source(blueprint, blueprint.versions.get(number=blueprint.version)) if blueprint else None


def offers(actor: Actor) -> list[Offer]:
    rows = Blueprint.objects.visible_to(actor).filter(state="active")[:500]
    return [Offer(row.code, row.name, tuple(row.methods)) for row in rows]


def keep(actor: Actor, tender: Tender) -> tuple[str, Text] | None:
    """The page that makes a template of a process, for those who make them."""
    may = tender.buyer_id == actor.account_id and ROOM_POLICY.verdict(actor, RoomAct.MAKE, tender.buyer)
    return (reverse("blueprints:save_as", args=[tender.code]), _("Save as a template")) if may else None


register(find, offers, keep)
menu.add(
    menu.Item(
        "blueprints:blueprints",
        _("Templates"),
        _("Sections of a pliego to begin others with"),
        Act.VIEW,
        for_buyers_only=True,
    ),
    before="library",
)
