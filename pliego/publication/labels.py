"""How the public reads a code: states, sources, departments, methods. Legal proper nouns stay Spanish."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.kernel.objections import Text
from pliego.methods import catalogue

STATES: dict[str, Text] = {
    "planned": _("Planned"),
    "announced": _("Before the offers"),
    "open": _("Receiving offers"),
    "evaluation": _("Under evaluation"),
    "suspended": pgettext_lazy("process", "Suspended"),
    "awarded": pgettext_lazy("process", "Awarded"),
    "contracted": _("In execution"),
    "finished": pgettext_lazy("process", "Finished"),
    "cancelled": pgettext_lazy("process", "Cancelled"),
    "revoked": pgettext_lazy("process", "Revoked"),
    "deserted": _("Declared void"),
}
OVER = _("Term over")

# state → the name of its colour in the tags of the site
COLOURS = {
    "planned": "draft",
    "announced": "published",
    "open": "published",
    "evaluation": "opened",
    "suspended": "suspended",
    "awarded": "awarded",
    "contracted": "running",
    "finished": "closed",
    "cancelled": "cancelled",
    "revoked": "revoked",
    "deserted": "deserted",
}


def state_of(row: dict[str, Any]) -> str:
    """What a process of a list is doing, in the word of its method where it has one."""
    if row["state"] == "evaluation" and row["source"] == "pliego":
        return str(catalogue.get(row["method"]).words.closed or STATES["evaluation"])
    return str(STATES[row["state"]])


SOURCES: dict[str, Text] = {"pliego": "Pliego", "secop2": "SECOP II", "secop1": "SECOP I"}

DEPARTMENTS = {
    "91": "Amazonas",
    "05": "Antioquia",
    "81": "Arauca",
    "08": "Atlántico",
    "11": "Bogotá, D. C.",
    "13": "Bolívar",
    "15": "Boyacá",
    "17": "Caldas",
    "18": "Caquetá",
    "85": "Casanare",
    "19": "Cauca",
    "20": "Cesar",
    "27": "Chocó",
    "23": "Córdoba",
    "25": "Cundinamarca",
    "94": "Guainía",
    "95": "Guaviare",
    "41": "Huila",
    "44": "La Guajira",
    "47": "Magdalena",
    "50": "Meta",
    "52": "Nariño",
    "54": "Norte de Santander",
    "86": "Putumayo",
    "63": "Quindío",
    "66": "Risaralda",
    "88": "San Andrés, Providencia y Santa Catalina",
    "68": "Santander",
    "70": "Sucre",
    "73": "Tolima",
    "76": "Valle del Cauca",
    "97": "Vaupés",
    "99": "Vichada",
}

METHODS = {
    "minima_cuantia": "Mínima cuantía",
    "contratacion_directa": "Contratación directa",
    "contratacion_directa_ofertas": "Contratación directa (con ofertas)",
    "regimen_especial": "Régimen especial",
    "regimen_especial_ofertas": "Régimen especial (con ofertas)",
    "menor_cuantia": "Selección abreviada de menor cuantía",
    "subasta_inversa": "Selección abreviada por subasta inversa",
    "concurso_meritos": "Concurso de méritos",
    "licitacion_publica": "Licitación pública",
    "acuerdo_marco": "Licitación para acuerdo marco de precios",
    "enajenacion": "Enajenación de bienes",
    "solicitud_informacion": "Solicitud de información a proveedores",
    "app": "Asociación público privada",
}


def method(code: str) -> str:
    """The name of a method: of the sources' literals, else of the law's table."""
    return METHODS.get(code) or catalogue.title(code)
