"""What this room does when others announce something, and what it lends to the rooms below."""

from pliego.authority import library, segregation
from pliego.authority.leaving import clear_place
from pliego.documents import services as documents
from pliego.kernel.events import Announced, on
from pliego.parties import roles
from pliego.parties.events import AccessEnded

documents.LENDERS.append(library.lend)
roles.ADVISERS.append(segregation.warnings_for)


@on(AccessEnded)
def forget_who_left(announced: Announced) -> None:
    clear_place(membership_id=announced.subject_id, at=announced.at)
