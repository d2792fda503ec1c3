"""The road of REST: documents asked for one by one over the contract that README.md writes down, which is ours.

Guarantees: what is wrong in form is refused and never believed; an answer is of the very document that was asked for;
redirections are not followed, an answer is small, and a whole consultation ends within its time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from pliego.accounts.oidc import is_safe
from pliego.kernel import clock
from pliego.kernel.objections import Objection, Refused
from pliego.ledger.reaching import Site
from pliego.siif.rules import CERTIFICATE, COMMITMENT, KINDS, Asked, Found, amounts_disagree, pci_of, tidy

PATHS = {CERTIFICATE: "certificates", COMMITMENT: "commitments"}
LARGEST = 64 * 2**10
AT_MOST = timedelta(seconds=15)  # for all the documents of one consultation
OK, UNKNOWN, NO_KEY = 200, 404, (401, 403)

Number = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Amount = Annotated[str, msgspec.Meta(pattern=r"^\d{1,18}(\.\d{1,2})?$")]
Words = Annotated[str, msgspec.Meta(max_length=60)]


class Answer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What comes for a document that SIIF has. Amounts are text, so that no cent is lost."""

    number: Number
    year: int
    pci: Annotated[str, msgspec.Meta(max_length=20)]
    issued_on: date | None = None
    amount: Amount
    balance: Amount | None = None
    used: Amount | None = None
    expense_type: Words = ""
    source: Annotated[str, msgspec.Meta(max_length=120)] = ""
    state: Words = ""
    certificate: Annotated[str, msgspec.Meta(max_length=60)] = ""


def is_on() -> bool:
    return bool(settings.PLIEGO_SIIF_URL)


@dataclass
class Service:
    """What SIIF answers about these documents of the unit with that PCI."""

    pci: str
    asked: Sequence[Asked]
    road: str = "rest"
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        url = settings.PLIEGO_SIIF_URL
        if not url or not is_safe(url):
            raise Refused(
                Objection("siif_off", _("Consulting SIIF is not set up here. Load the list of SIIF instead."))
            )
        key = {"Authorization": f"Bearer {settings.PLIEGO_SIIF_TOKEN}"} if settings.PLIEGO_SIIF_TOKEN else {}
        self.site = Site(url, key, settings.PLIEGO_SIIF_SECONDS, LARGEST)

    def read(self) -> list[Found]:
        ends = clock.real_now() + AT_MOST
        found = []
        for asked in self.asked:
            if clock.real_now() >= ends:
                raise Refused(_away())
            found.append(self.one(asked))
        return found

    def one(self, asked: Asked) -> Found:
        """What SIIF says of one document, or that it has none."""
        base = urlsplit(settings.PLIEGO_SIIF_URL).path.rstrip("/")
        steps = (PATHS[asked.kind], self.pci, str(asked.year), asked.number)
        path = base + "".join(f"/{quote(step, safe='')}" for step in steps)
        try:
            status, said = self.site.get(path)
        except OSError as fault:
            raise Refused(_away()) from fault
        except RecursionError as fault:
            raise Refused(_wrong(asked)) from fault
        if status == UNKNOWN and said == {"error": "unknown"}:
            return Found(asked.kind, asked.number, asked.year, self.pci, is_known=False)
        if status in NO_KEY:
            sentence = _(
                "SIIF did not accept the key of this platform. Tell the operator; meanwhile load the list of SIIF."
            )
            raise Refused(Objection("siif_key", sentence))
        if status != OK:
            raise Refused(_away() if status >= 500 else _wrong(asked))
        return self.believed(asked, said)

    def believed(self, asked: Asked, said: Any) -> Found:
        """The answer as a document, when it has the form that was agreed and is of the document asked for."""
        try:
            told = msgspec.convert(said, Answer)
        except (msgspec.ValidationError, RecursionError) as fault:
            raise Refused(_wrong(asked)) from fault
        words = {name: getattr(told, name) for name in ("expense_type", "source", "state")}
        amounts: dict[str, Any] = {name: _decimal(getattr(told, name)) for name in ("amount", "balance", "used")}
        found = Found(
            asked.kind, tidy(told.number), told.year, self.pci, told.issued_on, **amounts, **words,
            certificate=tidy(told.certificate),
        )  # fmt: skip
        same = (found.number, found.year, pci_of(told.pci)) == (asked.number, asked.year, pci_of(self.pci))
        if not same or any(amounts_disagree(found)):
            raise Refused(_wrong(asked))
        return found


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text).quantize(Decimal("0.01")) if text is not None else None


def _away() -> Objection:
    sentence = _(
        "SIIF does not answer. Nothing was lost: go on typing and consult again later, or load the list of SIIF."
    )
    return Objection("siif_away", sentence)


def _wrong(asked: Asked) -> Objection:
    sentence = _("What SIIF answered about %(kind)s %(number)s cannot be read, and was not used. Check it yourself.")
    return Objection("siif_answer", sentence % {"kind": KINDS[asked.kind], "number": asked.number})
