"""Who lives in the demo country. Names, numbers and addresses are invented; the NITs 9999xxxxx belong to nobody."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Member:
    """Somebody of the cast: who they are, where, with which roles."""

    name: str
    full_name: str
    document: str
    account: str = ""  # a key of ENTITIES or FIRMS
    roles: tuple[str, ...] = ()
    platform_roles: tuple[str, ...] = ()
    what: Text = ""

    @property
    def email(self) -> str:
        return f"{self.name}@pliego.example"


@dataclass(frozen=True)
class Entity:
    number: str
    legal_name: str
    short_name: str
    municipality: str
    founder: str
    unit: tuple[str, str]  # reference and name of a second contracting unit
    more: dict[str, Any] = field(default_factory=dict)
    site: str = "vallesereno"  # of its addresses of mail


@dataclass(frozen=True)
class Firm:
    number: str
    legal_name: str
    municipality: str
    founder: str
    interests: tuple[str, ...]


# fmt: off
ENTITIES = {
    "alcaldia": Entity(
        "999900001", "Alcaldía de Valle Sereno", "Valle Sereno", "73001", "beto",
        ("SG", "Secretaría General"),
        {"entity_type": "municipality", "order": "territorial", "branch": "executive", "sector": "public_service"},
    ),
    # The one that may tender framework agreements; the real one has another name.
    "compras": Entity(
        "999900011", "Agencia de Compras del Sereno", "Compras del Sereno", "11001", "berta",
        ("AM", "Subdirección de Acuerdos Marco"),
        {"entity_type": "central_purchasing_body", "order": "national", "branch": "executive", "sector": "planning"},
        "comprassereno",
    ),
}
FIRMS = {
    "paramo": Firm("999910001", "Suministros del Páramo SAS", "11001", "carla", ("432115", "441031")),
    "rioclaro": Firm("999910002", "Comercial Río Claro SAS", "05001", "dario", ("432115", "561017")),
}
CAST = (
    Member("beto", "Beto Rincón Aprueba", "79990002", "alcaldia", ("administrator", "approver"),
           what=_("authorising officer and administrator of the town hall")),
    Member("ana", "Ana Mora Prepara", "79990001", "alcaldia", ("preparer", "evaluator"),
           what=_("preparer and evaluator of the town hall")),
    Member("elena", "Elena Paz Vigila", "79990005", "alcaldia", ("control",),
           what=_("internal control of the town hall: reads everything and changes nothing")),
    Member("gloria", "Gloria Niño Supervisa", "79990007", "alcaldia", ("supervisor", "evaluator"),
           what=_("supervisor of the town hall")),
    Member("hugo", "Hugo Leal Paga", "79990008", "alcaldia", ("treasurer",),
           what=_("treasurer of the town hall")),
    Member("berta", "Berta Luna Aprueba", "79990013", "compras", ("administrator", "approver"),
           what=_("authorising officer and administrator of the purchasing agency")),
    Member("abel", "Abel Sosa Prepara", "79990014", "compras", ("preparer", "evaluator"),
           what=_("preparer and evaluator of the purchasing agency")),
    Member("carla", "Carla Vega Ofrece", "79990003", "paramo", ("administrator", "bidder", "representative"),
           what=_("representative of Suministros del Páramo")),
    Member("dario", "Darío Cruz Ofrece", "79990004", "rioclaro", ("administrator", "bidder", "representative"),
           what=_("representative of Comercial Río Claro")),
    Member("fabio", "Fabio Gil Ciudadano", "79990006", what=_("citizen, without an account")),
    Member("ines", "Inés Roa Atiende", "79990009", platform_roles=("desk",), what=_("service desk")),
    Member("irene", "Irene Lugo Confirma", "79990011", platform_roles=("desk",),
           what=_("service desk: the second person, who confirms")),
    Member("ivan", "Iván Mora Confirma", "79990012", platform_roles=("desk",),
           what=_("service desk: the third person; a suspension needs one who opens and two who approve")),
    Member("omar", "Omar Sol Opera", "79990010", platform_roles=("operator",), what=_("operator of the platform")),
)
# fmt: on
BY_NAME = {member.name: member for member in CAST}
