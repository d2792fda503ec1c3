"""To whom an act is told, and the reason that they are given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.kernel.objections import Text
from pliego.notifications.services import people_with
from pliego.notifications.subjects import Subject, unique
from pliego.parties.models import Account

SELLERS = ("administrator", "bidder", "representative")


@dataclass(frozen=True)
class Reached:
    """People, and the account whose mailbox hears of it too."""

    users: list[User] = field(default_factory=list)
    account: Account | None = None


@dataclass(frozen=True)
class Audience:
    name: str
    reason: Text
    reach: Callable[[Subject], list[Reached]]


def _of(account: Account | None, *roles: str, mailbox: bool = False) -> list[Reached]:
    if account is None:
        return []
    return [Reached(people_with(account_id=account.pk, roles=roles), account if mailbox else None)]


def _people(*users: User | None) -> list[Reached]:
    return [Reached(unique(user for user in users if user is not None and user.is_active))]


def _preparers(subject: Subject) -> list[Reached]:
    return _people(subject.tender.prepared_by) if subject.tender else []


def _members(subject: Subject) -> list[Reached]:
    tender = subject.tender
    return _people(*(m.user for m in tender.opening_members.select_related("user"))) if tender else []


def _interested(subject: Subject) -> list[Reached]:
    return [reached for account in subject.interested() for reached in _of(account, *SELLERS, mailbox=True)]


def _bidders(subject: Subject) -> list[Reached]:
    return [reached for account in subject.bidders() for reached in _of(account, *SELLERS, mailbox=True)]


def _unconfirmed(subject: Subject) -> list[Reached]:
    return [reached for account in subject.unconfirmed() for reached in _of(account, *SELLERS, mailbox=True)]


def _sealed_before(subject: Subject) -> list[Reached]:
    return [reached for account in subject.sealed_before() for reached in _of(account, *SELLERS, mailbox=True)]


def _invited(subject: Subject) -> list[Reached]:
    accounts = [i.supplier for i in subject.tender.invitations.select_related("supplier")] if subject.tender else []
    return [reached for account in accounts for reached in _of(account, *SELLERS, mailbox=True)]


def _now_invited(subject: Subject) -> list[Reached]:
    accounts = Account.objects.filter(code__in=_named(subject)).order_by("pk")
    return [reached for account in accounts for reached in _of(account, *SELLERS, mailbox=True)]


def _others_there(subject: Subject) -> list[Reached]:
    named = _named(subject)
    others = [account for account in subject.interested() if account.code not in named]
    return [reached for account in others for reached in _of(account, *SELLERS, mailbox=True)]


def _named(subject: Subject) -> set[str]:
    return {one["supplier_code"] for one in subject.data.get("suppliers", [])}


def _members_asked(subject: Subject) -> list[Reached]:
    codes = [member["account"] for member in subject.data.get("members", [])]
    return [
        reached
        for account in Account.objects.filter(code__in=codes)
        for reached in _of(account, *SELLERS, mailbox=True)
    ]


def of_buyer(*roles: str) -> Audience:
    """People of the entity that buys, in these roles."""

    def reach(subject: Subject) -> list[Reached]:
        holder = subject.contract or subject.tender
        return _of(holder.buyer if holder else None, *roles)

    return Audience("buyer:" + "/".join(roles), _("it is a process of your entity and this is your role in it"), reach)


# fmt: off
DESK = Audience("desk", _("you are of the service desk"),
    lambda s: _people(*User.objects.filter(platform_roles__contains=["desk"], is_active=True)))
ADMINISTRATORS = Audience("administrators", _("you administer this account"),
    lambda s: _of(s.place.account if s.place else s.account, "administrator", mailbox=s.place is None))
MEMBERS_ASKED = Audience("members asked", _("your account is invited to be a member"), _members_asked)
PROMOTER = Audience("promoter", _("your account put it together"),
    lambda s: _of(Account.objects.filter(promoted_groups__account=s.account).first() if s.account else None, *SELLERS))
STAFF = Audience("staff", _("you work in this entity"),
    lambda s: _of(s.account, "administrator", "preparer", "approver", "control"))
PERSON_OF_PLACE = Audience("person of the place", _("it is about your access to an account"),
    lambda s: _people(s.place.user) if s.place else [])
PERSON = Audience("person", _("it is about your way of signing in"), lambda s: _people(s.person))
CONCERNED = Audience("person concerned", _("it is about your user"), lambda s: _people(s.person))
PREPARER = Audience("preparer", _("you prepared this process"), _preparers)
MEMBERS = Audience("members", _("you hold a key of the opening"), _members)
INTERESTED = Audience("interested", _("your account takes part in this process"), _interested)
BIDDERS = Audience("bidders", _("your account presented an offer"), _bidders)
UNCONFIRMED = Audience("unconfirmed", _("your account's offer waits for its confirmation"), _unconfirmed)
SEALED_BEFORE = Audience("sealed before", _("your account presented an offer"), _sealed_before)
INVITED = Audience("invited", _("the entity invited your account"), _invited)
NOW_INVITED = Audience("now invited", INVITED.reason, _now_invited)
OTHERS_THERE = Audience("others there", INTERESTED.reason, _others_there)
RECIPIENTS = Audience("recipients", _("the entity wrote to your account"),
    lambda s: [reached for account in s.recipients() for reached in _of(account, *SELLERS, mailbox=True)])
ASKER = Audience("asker", _("your account asked it"),
    lambda s: [reached for account in s.askers() for reached in _of(account, *SELLERS, mailbox=True)])
BIDDER = Audience("bidder", _("it is the offer of your account"),
    lambda s: _of(s.bid.supplier, *SELLERS, mailbox=True) if s.bid else [])
NAMED = Audience("named", _("it is your turn, or you asked for it"),
    lambda s: _people(*User.objects.filter(code__in=s.data.get("tell") or [])))
SENT_FILE = Audience("sent file", _("you sent this file or ordered that it be written"), NAMED.reach)
SEATED = Audience("evaluators", _("you were appointed to evaluate it"), lambda s: _people(*s.evaluators()))
RECUSER = Audience("recuser", _("your account recused an evaluator"),
    lambda s: _of(s.recuser(), *SELLERS, mailbox=True))
CONTRACTOR = Audience("contractor", _("it is a contract of your account"),
    lambda s: _of(s.contract.supplier, *SELLERS, mailbox=True) if s.contract else [])
TAKER = Audience("taker", _("a contract would pass to your account"),
    lambda s: _of(Account.objects.filter(code=s.data.get("to") or "").first(), *SELLERS, mailbox=True))
GIVER = Audience("giver", _("your account assigned this contract"),
    lambda s: _of(Account.objects.filter(code=s.data.get("given_by") or "").first(), *SELLERS, mailbox=True))
SUPERVISOR = Audience("supervisor", _("you supervise this contract"),
    lambda s: _people(s.contract.supervisor) if s.contract else [])
# fmt: on
APPROVERS = of_buyer("approver")
PREPARERS = of_buyer("preparer")
OFFICE = of_buyer("preparer", "approver")
EVALUATORS = of_buyer("evaluator")
TREASURERS = of_buyer("treasurer")
CONTROL = of_buyer("control")
