"""What each kind of file holds, how a row is checked, and what applying it makes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from pliego.codelists import queries as codelists
from pliego.codelists.words import fold
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import Nit
from pliego.kernel.objections import Objection, Refused, Text
from pliego.parties import invites, kinds, rules
from pliego.parties.models import Account, Organization
from pliego.parties.roles import ROLES, roles_for
from pliego.parties.services import register_for_others

PEOPLE_COLUMNS = {"correo": "email", "nombre": "full_name", "roles": "roles"}
SUPPLIER_COLUMNS = {
    "tipo": "kind", "nit": "nit", "razon_social": "legal_name", "nombre_corto": "short_name",
    "municipio": "municipality", "direccion": "address", "telefono": "phone", "correo": "notification_email",
    "representante": "representative_name", "documento_representante": "representative_document_number",
    "tipo_documento_representante": "representative_document_type",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    columns: Mapping[str, str]  # of the file → of the form
    required: tuple[str, ...]
    key: str  # the column that no two rows share
    check: Callable[[dict[str, str], Account | None], Iterator[Objection]]
    apply: Callable[[dict[str, str], Account | None, Actor, datetime], str]


def roles_of(text: str) -> list[str]:
    """The codes of the roles that a row names, by their codes or as the pages call them."""
    with translation.override(settings.LANGUAGE_CODE):
        called = {fold(str(role.title)): code for code, role in ROLES.items()}
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    return [code for part in parts for code in ([called[fold(part)]] if fold(part) in called else part.split())]


def kind_of(text: str) -> str:
    """The code of a kind of organisation, by its code or as the official lists write it."""
    called = {fold(kind.literal): code for code, kind in kinds.KINDS.items()}
    return called.get(fold(text), text.strip())


def words_for(kind: str, account: Account | None) -> tuple[str, list[Text]]:
    """The column whose words come from a list, and that list: what the page tells before a file is made."""
    if kind == "people" and account is not None:
        return "roles", [r.title for r in roles_for(is_buyer=account.is_buyer, is_supplier=account.is_supplier)]
    return "tipo", [one.literal for one in kinds.KINDS.values() if one.group == kinds.LEGAL]


def _check_person(row: dict[str, str], account: Account | None) -> Iterator[Objection]:
    assert account is not None
    yield from invites.wrong_invite(account, row["email"].strip().lower(), roles_of(row["roles"]))


def _apply_person(row: dict[str, str], account: Account | None, actor: Actor, at: datetime) -> str:
    assert account is not None
    sent = invites.offer(
        account=account, actor=actor, email=row["email"], roles=roles_of(row["roles"]), at=at,
        full_name=row.get("full_name", ""), in_bulk=True,
    )  # fmt: skip
    return sent.code


def supplier_of(row: dict[str, str]) -> rules.SupplierData:
    """The row as the form of a supplier; its municipality by DANE code or by name."""
    told: dict[str, Any] = {name: value for name, value in row.items() if name in SUPPLIER_COLUMNS.values()}
    place = told.get("municipality", "")
    if place and not place.isdigit():
        found = codelists.search_municipalities(words=place.replace(",", " "), limit=2)
        told["municipality"] = found[0].code if len(found) == 1 else place
    told["kind"] = kind_of(told.get("kind", ""))
    return rules.SupplierData(**told)


def _check_supplier(row: dict[str, str], account: Account | None) -> Iterator[Objection]:
    data = supplier_of(row)
    if not data.has_nit:
        sentence = _("Only legal persons with a NIT are registered by file: each person registers themselves.")
        yield Objection("not_by_file", sentence, "kind")
        return
    yield from rules.supplier_is_incomplete(data)
    if data.municipality and codelists.place_of(data.municipality) is None:
        yield Objection("municipality_unknown", _("There is no municipality with that name or code."), "municipality")
    try:
        number = Nit.parse(data.nit).number
    except Refused:
        return
    known = Organization.objects.filter(scheme="CO-NIT", number=number, accounts__is_supplier=True)
    if known.exists():
        yield Objection("already_registered", _("This supplier is already registered."), "nit")


def _apply_supplier(row: dict[str, str], account: Account | None, actor: Actor, at: datetime) -> str:
    made = register_for_others(actor=actor, data=supplier_of(row), at=at)
    roles = ["administrator", "bidder", "representative"]
    invites.offer(
        account=made, actor=actor, email=made.notification_email, roles=roles, at=at,
        full_name=made.representative_name, in_bulk=True,
    )  # fmt: skip
    return made.code


KINDS = {
    "people": Kind(PEOPLE_COLUMNS, ("correo", "roles"), "email", _check_person, _apply_person),
    "suppliers": Kind(
        SUPPLIER_COLUMNS,
        ("tipo", "nit", "razon_social", "municipio", "telefono", "correo", "representante", "documento_representante"),
        "nit",
        _check_supplier,
        _apply_supplier,
    ),
}
