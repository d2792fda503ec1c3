"""The kinds of act that an account can put under approval or delegate one by one. Plain data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Kind:
    """`acts` are the rows of policies that the kind is made of; `starters` may ask for its approval."""

    code: str
    title: Text
    acts: tuple[str, ...]
    starters: tuple[str, ...] = ("preparer", "approver")
    has_flow: bool = True
    is_delegable: bool = True


# fmt: off
KINDS: dict[str, Kind] = {kind.code: kind for kind in (
    Kind("plan",        _("Publish the annual plan"),
         ("planning.publish",)),
    Kind("publication", _("Publish the process"),
         ("tendering.publish", "tendering.return")),
    Kind("addendum",    _("Publish an addendum"),
         ("tendering.publish_amendment",)),
    # Whoever opens uses their own key, which nobody can use for another.
    Kind("opening",     _("Open the offers"),
         ("bidding.open", "bidding.release_shares"), ("preparer", "approver", "evaluator"), is_delegable=False),
    Kind("award",       _("Award or declare void"),
         ("awards_decision.award", "awards_decision.award_directly", "awards_decision.desert"),
         ("preparer", "approver", "evaluator")),
    Kind("contract",    _("Send and sign the contract"),
         ("contracts.send", "contracts.sign")),
    Kind("modification", _("Modify a contract"),
         ("contracts_modification.send", "contracts_modification.publish")),
    Kind("invoices",    _("Approve an invoice"),
         ("execution_invoice.approve", "execution_invoice.return", "execution_invoice.undo"),
         ("supervisor", "preparer", "approver")),
    Kind("payment",     _("Mark an invoice as paid"),
         ("execution_invoice.pay", "execution_invoice.approve", "execution_invoice.return", "execution_invoice.undo"),
         ("treasurer",), has_flow=False),
    # "El jefe de la entidad o su delegado": Ley 1474 de 2011, art. 86, lit. b.
    Kind("breach",      _("Conduct and decide a hearing of breach"),
         ("breach.cite", "breach.dismiss", "breach.move", "breach.begin", "breach.adjourn", "breach.decide_evidence",
          "breach.decide", "breach.resolve", "breach.close", "breach.cease"), ("approver",), has_flow=False),
)}
# fmt: on
FLOWS = {code: kind for code, kind in KINDS.items() if kind.has_flow}
DELEGABLE = {code: kind for code, kind in KINDS.items() if kind.is_delegable}
# The tasks of a flow are done in another's place when the delegation covers the kind of act, or every act.
TASKS = ("authority_approval.approve", "authority_approval.return")


def acts_of(kinds: list[str]) -> frozenset[str]:
    """The rows of policies of these kinds; empty, which is everything, when none is named."""
    return frozenset(act for code in kinds for act in (*KINDS[code].acts, *TASKS))
