"""Putting a plural bidder together: its terms, the invitation, each member's answer, and the account that results."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.accounts import factors
from pliego.accounts.models import User
from pliego.consortia import rules
from pliego.consortia.events import (
    GroupActivated,
    GroupAmended,
    GroupDissolved,
    GroupEnded,
    GroupInvited,
    MemberAccepted,
    MemberRefused,
)
from pliego.consortia.models import Group, Member
from pliego.consortia.policy import POLICY, Act
from pliego.consortia.states import GROUP, MEMBER
from pliego.documents import services as documents_of
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties import kinds
from pliego.parties.models import Account, Membership, Organization
from pliego.parties.rules import normalised_name
from pliego.parties.services import name_organization, person_of
from pliego.parties.states import ACCOUNT, MEMBERSHIP
from pliego.web.fields import Upload

SCHEME = "PLG-PLURAL"  # no register of the State numbers a plural bidder before it wins
ROLES = ["administrator", "bidder", "representative"]


@dataclass(frozen=True)
class Part:
    """A member of the terms: the code of its account, its share and what it does."""

    supplier: str
    share: Decimal
    activities: str = ""


@transaction.atomic
def put_together(*, actor: Actor, kind: str, name: str, at: datetime) -> Group:
    """Open a plural bidder. Its account is nobody's until every member accepts."""
    if not (verdict := POLICY.verdict(actor, Act.CREATE)):
        raise Denied(verdict.reason)
    refuse_if_any(_kind_or_name_is_wrong(kind, name), _promoter_cannot(actor))
    code, person = next_public_id("account"), person_of(actor)
    organization = Organization(scheme=SCHEME, number=code)
    name_organization(organization, name, "")
    organization.save()
    promoter = Account.objects.get(pk=actor.account_id or 0)
    account = Account.objects.create(
        code=code, organization=organization, is_supplier=True, kind=kind, business_area="private", requested_by=person,
        municipality=promoter.municipality, department=promoter.department, phone=promoter.phone,
        email=promoter.email, notification_email=promoter.notification_email, created_at=at,
    )  # fmt: skip
    return Group.objects.create(
        account=account, promoter=promoter, representative=person, created_by=person, created_at=at
    )


@transaction.atomic
def set_terms(
    *,
    actor: Actor,
    group_id: int,
    parts: Sequence[Part],
    representative: str,
    at: datetime,
    paper: Upload | None = None,
) -> Group:
    """Write the members, their shares and who represents them. Whoever had answered is asked again."""
    group = locked(group_id)
    POLICY.require(actor, Act.EDIT, group)
    suppliers = _suppliers(parts)
    refuse_if_any(_parts_are_wrong(parts, suppliers))
    group.representative = _representative(representative, {account.pk for account in suppliers.values()})
    if group.state != "draft":
        GROUP.fire(group, "amend", at=at)
        group.version += 1
        group.invited_at = group.expires_at = None
        data = {"account": group.code, "version": group.version}
        group.receipt = _announce(GroupAmended, group, data, actor, at)
    if paper:
        told = {"kind": "plural_constitution", "file": group.file, "at": at, "field": "paper"}
        group.document = documents_of.take(actor=actor, value=paper, audience="participants", **told)  # type: ignore[arg-type]
    group.save()
    group.members.all().delete()
    for part in parts:
        group.members.create(
            supplier=suppliers[part.supplier], share=part.share, activities=" ".join(part.activities.split())[:1000]
        )
    return group


@transaction.atomic
def send(*, actor: Actor, group_id: int, at: datetime) -> Group:
    """Ask the members. Whoever sends it accepts for their own account with the same signature."""
    group = locked(group_id)
    POLICY.require(actor, Act.SEND, group)
    GROUP.fire(group, "invite", at=at)
    group.invited_at, group.expires_at = at, at + rules.INVITATION
    group.save()
    members = _members(group)
    for member in members:
        MEMBER.fire(member, "invite", at=at)
        member.save()
        if member.supplier_id == actor.account_id:
            _answered(member, "accept", actor, at)
    if group.document:
        documents_of.grant(document=group.document, account_ids=[m.supplier_id for m in members], at=at)
    group.receipt = _announce(GroupInvited, group, _terms(group, members), actor, at)
    return group


@transaction.atomic
def accept(*, actor: Actor, group_id: int, at: datetime) -> Group:
    """A member accepts these terms from its own account. The last one to do it makes the plural bidder active."""
    group, member = _asked(actor, group_id)
    _answered(member, "accept", actor, at)
    data = {"account": group.code, "member": actor.account_code, "version": group.version}
    group.receipt = _announce(MemberAccepted, group, data, actor, at)
    if not GROUP.objections(group, "activate", at=at):
        _activate(group, actor, at)
    return group


@transaction.atomic
def refuse(*, actor: Actor, group_id: int, reason: str, at: datetime) -> Group:
    """A member does not accept. Whoever promotes it may change the terms and ask again."""
    group, member = _asked(actor, group_id)
    if not reason.strip():
        raise Refused(Objection("reason_missing", _("Write why, for whoever put it together."), "reason"))
    member.reason = " ".join(reason.split())[:500]
    _answered(member, "refuse", actor, at)
    GROUP.fire(group, "refuse", at=at)
    group.save()
    data = {"account": group.code, "member": actor.account_code, "version": group.version}
    group.receipt = _announce(MemberRefused, group, data, actor, at)
    return group


@transaction.atomic
def drop(*, actor: Actor, group_id: int, at: datetime) -> Group:
    """Leave a plural bidder that did not come to be."""
    group = locked(group_id)
    POLICY.require(actor, Act.DROP, group)
    GROUP.fire(group, "drop", at=at)
    group.save()
    group.receipt = _announce(GroupEnded, group, {"account": group.code, "state": group.state}, actor, at)
    return group


@transaction.atomic
def dissolve(*, actor: Actor, group_id: int, at: datetime) -> Group:
    """End an active plural bidder: its account can do nothing more; what it did stays."""
    group = locked(group_id)
    POLICY.require(actor, Act.DISSOLVE, group)
    GROUP.fire(group, "dissolve", at=at)
    ACCOUNT.fire(group.account, "suspend", at=at)
    group.account.save(update_fields=["state"])
    group.save()
    group.receipt = _announce(GroupDissolved, group, {"account": group.code}, actor, at)
    return group


@transaction.atomic
def lapse(*, group_id: int, at: datetime) -> Group:
    """The invitation expired without every answer."""
    group = locked(group_id)
    POLICY.require(SYSTEM, Act.LAPSE, group)
    GROUP.fire(group, "lapse", at=at)
    group.save()
    group.receipt = _announce(GroupEnded, group, {"account": group.code, "state": group.state}, SYSTEM, at)
    return group


def locked(group_id: int) -> Group:
    """The plural bidder, with its row locked: answers that come at once are given one after the other."""
    rows = Group.objects.select_for_update(of=("self",)).select_related("account__organization", "document")
    if (group := rows.filter(pk=group_id).first()) is None:
        raise Unknown()
    return group


def _activate(group: Group, actor: Actor, at: datetime) -> None:
    GROUP.fire(group, "activate", at=at)
    group.activated_at = at
    group.save()
    account = group.account
    ACCOUNT.fire(account, "enrol", at=at)
    account.activated_at = account.requested_at = at
    account.representative_name = group.representative.full_name
    account.representative_document_type = group.representative.document_type
    account.representative_document_number = group.representative.document_number
    account.save()
    place = Membership.objects.create(user=group.representative, account=account, requested_at=at)
    MEMBERSHIP.fire(place, "accept", at=at)
    place.roles, place.decided_at, place.decided_by = ROLES, at, group.representative
    place.save()
    if group.document:
        documents_of.grant(document=group.document, account_ids=[account.pk], at=at)
    group.receipt = _announce(GroupActivated, group, _terms(group, _members(group)), actor, at)


def _asked(actor: Actor, group_id: int) -> tuple[Group, Member]:
    group = locked(group_id)
    POLICY.require(actor, Act.ANSWER, group)
    member = next(m for m in _members(group) if m.supplier_id == actor.account_id)
    return group, member


def _answered(member: Member, act: str, actor: Actor, at: datetime) -> None:
    MEMBER.fire(member, act, at=at)
    member.decided_by_id, member.decided_at = actor.user_id, at
    member.save()


def _members(group: Group) -> list[Member]:
    return list(group.members.select_related("supplier__organization", "group"))


def _suppliers(parts: Sequence[Part]) -> dict[str, Account]:
    codes = [part.supplier for part in parts]
    found = Account.objects.filter(code__in=codes, is_supplier=True).select_related("organization")
    return {account.code: account for account in found}


def _parts_are_wrong(parts: Sequence[Part], suppliers: dict[str, Account]) -> Iterator[Objection]:
    codes = [part.supplier for part in parts]
    for number, part in enumerate(parts):
        account = suppliers.get(part.supplier)
        if account is None or account.state != "active" or kinds.group_of(account.kind) == kinds.PLURAL:
            sentence = _("Choose an active supplier that is not itself a plural bidder.")
            yield Objection("not_a_supplier", sentence, f"supplier-{number}")
        if codes.index(part.supplier) != number:
            yield Objection("repeated_member", _("This supplier is already among the members."), f"supplier-{number}")
        if not 0 < part.share < rules.WHOLE:
            yield Objection("share_wrong", _("Write a share between 0 and 100."), f"share-{number}")


def _representative(email: str, suppliers: set[int]) -> User:
    """A person with a place in one of the members who can sign. The answer tells nobody who is registered."""
    rows = User.objects.filter(
        email=email.strip().lower(),
        is_active=True,
        memberships__state="accepted",
        memberships__account_id__in=suppliers,
    )
    person = rows.first()
    if person is None or not factors.has_second_factor(person):
        sentence = _("Write the e-mail of a person of one of the members who has a second factor.")
        raise Refused(Objection("representative_unknown", sentence, "representative", rules.LAW))
    return person


def _kind_or_name_is_wrong(kind: str, name: str) -> Iterator[Objection]:
    if kinds.group_of(kind) != kinds.PLURAL:
        yield Objection("not_an_option", _("Choose an option of the list."), "kind")
    if not 3 <= len(normalised_name(name)) <= 250:
        yield Objection("missing", _("Write the name of the plural bidder."), "name")


def _promoter_cannot(actor: Actor) -> Iterator[Objection]:
    account = Account.objects.filter(pk=actor.account_id or 0, state="active").first()
    if account is None or kinds.group_of(account.kind) == kinds.PLURAL:
        yield Objection("promoter_wrong", _("A plural bidder is put together by one of its members, from its account."))


def _terms(group: Group, members: list[Member]) -> dict[str, object]:
    told = [
        {"account": m.supplier.code, "name": m.supplier.name, "share": str(m.share), "activities": m.activities}
        for m in members
    ]
    return {
        "account": group.code,
        "name": group.account.name,
        "kind": group.kind,
        "version": group.version,
        "representative": group.representative.full_name,
        "members": told,
    }


def _announce(event: type[Event], group: Group, data: dict[str, object], actor: Actor, at: datetime) -> Entry:
    papers = (group.document.sha256,) if group.document else ()
    return outbox.publish(event(file=group.file, subject_id=group.pk, data=data, documents=papers), actor=actor, at=at)
