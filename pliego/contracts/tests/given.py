"""Contracts for the tests of this room and of those above, made by the services."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from pliego.awards.models import Award
from pliego.awards.tests import given as awards
from pliego.conditions import covers
from pliego.contracts import changes, guarantees, modifying, services, writing
from pliego.contracts.guarantees import GuaranteeData
from pliego.contracts.loading import services as loading
from pliego.contracts.loading.models import ContractLoad
from pliego.contracts.models import Contract, Guarantee, Modification
from pliego.contracts.modifying import ModificationData
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.calendar import calendar
from pliego.parties.models import Account
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tendering
from pliego.tendering.tests.given import Buyer, signed
from tests.furnishing import furnished

VALUE = Decimal("39850000.50")


@dataclass(frozen=True)
class House:
    """The entity with its people, and the supplier that won."""

    buyer: Buyer
    carla: Actor

    @property
    def ana(self) -> Actor:
        return self.buyer.ana

    @property
    def beto(self) -> Actor:
        return self.buyer.beto

    @property
    def gloria(self) -> Actor:
        return self.buyer.gloria

    @property
    def hugo(self) -> Actor:
        return self.buyer.hugo

    @property
    def carla_number(self) -> str:
        return str(Account.objects.get(pk=self.carla.account_id).nit)

    @property
    def elena(self) -> Actor:
        return self.buyer.elena


@furnished
def house(at: datetime) -> House:
    return House(tendering.buyer(at), tendering.supplier(at))


def award(at: datetime, of: House, value: Decimal = VALUE) -> Award:
    """A decision in favour of carla, of a process without offers."""
    return awards.awarded_directly(at, value)


@furnished
def drafted(at: datetime, of: House, value: Decimal = VALUE) -> Contract:
    return services.draft_contract(actor=SYSTEM, award_id=award(at, of, value).pk, at=at)


def annexed(contract: Contract, of: House, at: datetime) -> Contract:
    """With an annex that ana attached."""
    told: dict[str, Any] = {"title": "Anexo técnico", "document": tendering.pdf("anexo.pdf")}
    writing.attach_annex(actor=of.ana, contract_id=contract.pk, at=at, **told)
    return contract


LINE = "{document},Apoyo a la gestión,100000.50,6"


def loaded(of: House, tender: Tender, at: datetime) -> ContractLoad:
    """A file with one contract for carla, that ana sent and nobody applied."""
    rows = "Documento del proveedor,Objeto,Valor,Duración\n" + LINE.format(document=of.carla_number)
    told: dict[str, Any] = {"content": BytesIO(rows.encode()), "name": "contratos.csv", "at": at}
    return loading.read_file(actor=of.ana, tender_id=tender.pk, **told)


def data(contract: Contract, **changes: Any) -> services.ContractData:
    told = {name: getattr(contract, name) for name in services.ContractData.__dataclass_fields__}
    return services.ContractData(**{**told, **changes})


@furnished
def sent(
    at: datetime, of: House, value: Decimal = VALUE, covers: tuple[str, ...] = (), has_settlement: bool = True
) -> Contract:
    contract = drafted(at, of, value)
    filled = data(contract, number=f"CTO-{contract.pk}-2026", covers=list(covers), has_settlement=has_settlement)
    services.edit_contract(actor=of.ana, contract_id=contract.pk, data=filled, at=at)
    return services.send_contract(actor=of.ana, contract_id=contract.pk, at=at)


@furnished
def accepted(at: datetime, of: House, **options: Any) -> Contract:
    contract = sent(at, of, **options)
    return services.accept_contract(actor=signed(of.carla, at), contract_id=contract.pk, at=at)


@furnished
def signed_contract(at: datetime, of: House, **options: Any) -> Contract:
    contract = accepted(at, of, **options)
    return services.sign_contract(
        actor=signed(of.beto, at),
        contract_id=contract.pk,
        budget_commitment="RP-88",
        budget_commitment_amount=contract.value_amount,
        at=at,
    )


def guarantee_data(contract: Contract, at: datetime, cover: str = "performance", **changes: Any) -> GuaranteeData:
    today: date = calendar.day_of(at)
    months = covers.COVERS[cover].months if cover in covers.COVERS else 0
    told = {
        "cover": cover,
        "policy_number": f"POL-{cover}",
        "insurer": "Aseguradora de Ejemplo",
        "amount": contract.value_amount,
        "starts_on": today,
        "ends_on": today + timedelta(days=400 + 31 * months),
    }
    return GuaranteeData(**{**told, **changes})


def submitted_guarantee(contract: Contract, of: House, at: datetime, cover: str = "performance") -> Guarantee:
    return guarantees.submit_guarantee(
        actor=of.carla,
        contract_id=contract.pk,
        data=guarantee_data(contract, at, cover),
        document=tendering.pdf("poliza.pdf"),
        at=at,
    )


def approved_guarantee(contract: Contract, of: House, at: datetime, cover: str = "performance") -> Guarantee:
    guarantee = submitted_guarantee(contract, of, at, cover)
    return guarantees.approve_guarantee(actor=of.beto, guarantee_id=guarantee.pk, at=at)


@furnished
def running(at: datetime, of: House, covers: tuple[str, ...] = (), **options: Any) -> Contract:
    contract = signed_contract(at, of, covers=covers, **options)
    for cover in covers:
        approved_guarantee(contract, of, at, cover)
    return services.start_contract(
        actor=of.beto,
        contract_id=contract.pk,
        supervisor_id=of.gloria.user_id,
        starts_on=calendar.day_of(at),
        at=at,
    )


def drafted_modification(
    of: House, contract: Contract, at: datetime, kind: str = "addition", **typed: Any
) -> Modification:
    """Written by ana, with nothing missing but what the test leaves out."""
    made = modifying.draft_modification(actor=of.ana, contract_id=contract.pk, kind=kind, at=at)
    usual: dict[str, Any] = {"reason": "Se requieren más equipos"}
    if kind in {"addition", "reduction"}:
        usual["amount"] = Decimal("1000000")
    if kind == "addition":
        usual["budget_commitment"] = "RP-99"
    if kind == "extension" and "ends_on" not in typed:
        usual["ends_on"] = Contract.objects.get(pk=contract.pk).ends_on + timedelta(days=30)
    if kind == "general":
        usual["payment_terms"] = "Dos pagos iguales"
    if "effective_on" in changes.KINDS[kind].asks:
        usual["effective_on"] = calendar.day_of(at)
    if kind == "suspension":
        usual["resumes_on"] = calendar.day_of(at) + timedelta(days=20)
    if kind == "termination":
        usual["cause"] = "agreement"
    if kind == "assignment" and "to" not in typed:
        usual["to"] = Account.objects.get(pk=tendering.supplier(at, "dario").account_id).code
    return modifying.edit_modification(
        actor=of.ana, modification_id=made.pk, data=ModificationData(**{**usual, **typed}),
        document=tendering.pdf("otrosi.pdf"), at=at,
    )  # fmt: skip


def sent_modification(
    of: House, contract: Contract, at: datetime, kind: str = "addition", **typed: Any
) -> Modification:
    made = drafted_modification(of, contract, at, kind, **typed)
    return modifying.send_modification(actor=of.ana, modification_id=made.pk, at=at)


def accepted_modification(
    of: House, contract: Contract, at: datetime, kind: str = "addition", **typed: Any
) -> Modification:
    made = sent_modification(of, contract, at, kind, **typed)
    if kind == "assignment":
        modifying.take_over(actor=signed(tendering.supplier(at, "dario"), at), modification_id=made.pk, at=at)
    return modifying.accept_modification(actor=signed(of.carla, at), modification_id=made.pk, at=at)


def published_modification(
    of: House, contract: Contract, at: datetime, kind: str = "addition", **typed: Any
) -> Modification:
    made = accepted_modification(of, contract, at, kind, **typed)
    return modifying.publish_modification(actor=signed(of.beto, at), modification_id=made.pk, at=at)
