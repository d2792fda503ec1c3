"""What an organisation can be: one table. Plain data.

The legal forms are those that the national register of suppliers distinguishes, each with the law that makes it; the
three kinds of entity are those of the registration guide (CCE-SEC-GI-12, section 5); the three of plural bidders are
those of Ley 80 de 1993, art. 7. `literal` is how the official data sets write it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text

ENTITY, NATURAL, LEGAL, FOREIGN, PLURAL = "entity", "natural", "legal", "foreign", "plural"
STATE_ENTITY, OTHER_PUBLIC, PRIVATE_WITH_PUBLIC_MONEY = "state_entity", "other_public", "private_public_money"
NATURAL_PERSON, FOREIGN_PERSON = "natural_person", "foreign_person"
CONSORTIUM, TEMPORARY_UNION, FUTURE_COMPANY = "consortium", "temporary_union", "future_company"


@dataclass(frozen=True)
class Kind:
    code: str
    group: str
    title: Text
    literal: str
    basis: str = ""


# fmt: off
KINDS: dict[str, Kind] = {kind.code: kind for kind in (
    Kind(STATE_ENTITY,     ENTITY,  _("State entity (Decreto 1082 de 2015)"), "Entidad Estatal",
         "Decreto 1082 de 2015, art. 2.2.1.1.1.3.1"),
    Kind(OTHER_PUBLIC,     ENTITY,  _("Other public entity"), "Otras Entidades públicas"),
    Kind(PRIVATE_WITH_PUBLIC_MONEY, ENTITY, _("Private entity that contracts with public money"), "Entidad privada"),

    Kind(NATURAL_PERSON,   NATURAL, _("Natural person"), "Persona Natural colombiana", "Código Civil, art. 74"),
    Kind("sole_company",   LEGAL,   _("One-person company (EU)"), "Empresa Unipersonal", "Ley 222 de 1995, art. 71"),
    Kind("sas",            LEGAL,   _("Simplified joint-stock company (SAS)"), "Sociedad por Acciones Simplificada",
         "Ley 1258 de 2008"),
    Kind("limited",        LEGAL,   _("Limited company"), "Sociedad Limitada", "Código de Comercio, art. 353"),
    Kind("stock_closed",   LEGAL,   _("Closed stock company"), "Sociedad Anónima Cerrada", "Código de Comercio, art. 373"),
    Kind("stock_open",     LEGAL,   _("Open stock company"), "Sociedad Anónima Abierta", "Código de Comercio, art. 373"),
    Kind("stock_company",  LEGAL,   _("Stock company"), "Sociedad Anónima", "Código de Comercio, art. 373"),
    Kind("partnership",    LEGAL,   _("General partnership"), "Sociedad Colectiva", "Código de Comercio, art. 294"),
    Kind("limited_partnership", LEGAL, _("Limited partnership"), "Sociedad en Comandita Simple",
         "Código de Comercio, art. 337"),
    Kind("stock_partnership", LEGAL, _("Partnership limited by shares"), "Sociedad en Comandita por Acciones",
         "Código de Comercio, art. 343"),
    Kind("agrarian",       LEGAL,   _("Agrarian transformation company"), "Sociedad Agraria de Transformación",
         "Ley 811 de 2003, art. 109"),
    Kind("de_facto",       LEGAL,   _("De facto company"), "Sociedad de Hecho", "Código de Comercio, art. 498"),
    Kind("bic",            LEGAL,   _("Company of benefit and collective interest (BIC)"), "Sociedad BIC",
         "Ley 1901 de 2018"),
    Kind("non_profit",     LEGAL,   _("Non-profit organisation (ESAL)"), "Entidad Sin Ánimo de Lucro",
         "Decreto 092 de 2017"),
    Kind("association",    LEGAL,   _("Association"), "Asociación", "Código Civil, art. 633"),
    Kind("corporation",    LEGAL,   _("Corporation"), "Corporación", "Código Civil, art. 633"),
    Kind("foundation",     LEGAL,   _("Foundation"), "Fundación", "Código Civil, art. 633"),
    Kind("community",      LEGAL,   _("Community action board"), "Junta de Acción Comunal", "Ley 2166 de 2021"),
    Kind("indigenous",     LEGAL,   _("Indigenous council or reserve"), "Cabildo o Resguardo Indígena",
         "Decreto 1088 de 1993"),
    Kind("black_community", LEGAL,  _("Community council"), "Consejo Comunitario", "Ley 70 de 1993"),
    Kind("cooperative",    LEGAL,   _("Cooperative"), "Cooperativa", "Ley 79 de 1988"),
    Kind("work_cooperative", LEGAL, _("Associated work cooperative"), "Cooperativa de Trabajo Asociado",
         "Decreto 4588 de 2006"),
    Kind("mutual",         LEGAL,   _("Mutual association"), "Asociación Mutual", "Ley 2143 de 2021"),
    Kind("employee_fund",  LEGAL,   _("Employees' fund"), "Fondo de Empleados", "Decreto Ley 1481 de 1989"),
    Kind("union",          LEGAL,   _("Trade union"), "Sindicato", "Código Sustantivo del Trabajo, art. 353"),
    Kind("compensation_fund", LEGAL, _("Family compensation fund"), "Caja de Compensación Familiar", "Ley 21 de 1982"),
    Kind("private_university", LEGAL, _("Private university"), "Institución de Educación Superior", "Ley 30 de 1992"),
    Kind("foreign_branch", LEGAL,   _("Branch of a foreign company"), "Sucursal de Sociedad Extranjera",
         "Código de Comercio, art. 471"),
    Kind("other_legal",    LEGAL,   _("Other legal person"), "Otro"),

    Kind("foreign_company", FOREIGN, _("Foreign company without branch in Colombia"), "Sociedad Extranjera",
         "Decreto 1082 de 2015, art. 2.2.1.2.4.2.3"),
    Kind(FOREIGN_PERSON,   FOREIGN, _("Foreign natural person"), "Persona Natural extranjera"),

    Kind(CONSORTIUM,       PLURAL,  _("Consortium"), "Consorcio", "Ley 80 de 1993, art. 7 num. 6"),
    Kind(TEMPORARY_UNION,  PLURAL,  _("Temporary union"), "Unión Temporal", "Ley 80 de 1993, art. 7 num. 7"),
    Kind(FUTURE_COMPANY,   PLURAL,  _("Promise of a future company"), "Promesa de Sociedad Futura",
         "Ley 80 de 1993, art. 7 par. 2"),
)}
# fmt: on


def codes(*groups: str) -> tuple[str, ...]:
    return tuple(kind.code for kind in KINDS.values() if kind.group in groups)


def choices(*groups: str) -> list[tuple[str, Text]]:
    """For forms and models; without groups, all of them."""
    return [(kind.code, kind.title) for kind in KINDS.values() if not groups or kind.group in groups]


def group_of(code: str) -> str:
    return KINDS[code].group if code in KINDS else ""


def is_natural(code: str) -> bool:
    """A person of flesh and bone, whose number is never public."""
    return code in {NATURAL_PERSON, FOREIGN_PERSON}
