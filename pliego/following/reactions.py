"""Every public act on the file of a process reaches those who follow it."""

from pliego.correspondence.events import MessagePublished
from pliego.following import tasks
from pliego.following.models import Follow
from pliego.following.table import is_told
from pliego.hearings.events import (
    HearingAdjourned,
    HearingBegun,
    HearingCancelled,
    HearingClosed,
    HearingConvened,
    HearingResumed,
    MinutesCompleted,
)
from pliego.kernel.events import Announced, Event, on
from pliego.panels.events import ImpedimentDecided, MemberRelieved, PanelAppointed
from pliego.publication.reactions import rooms_events

PANELS = (PanelAppointed, MemberRelieved, ImpedimentDecided)

# Not what each says in a session: that is on its page, and in the minutes.
HEARINGS = (
    HearingConvened, HearingCancelled, HearingBegun, HearingAdjourned, HearingResumed, HearingClosed, MinutesCompleted,
)  # fmt: skip


def told_events() -> list[type[Event]]:
    """The events of the rooms that make a process, of which followers hear."""
    events: list[type[Event]] = [*rooms_events(), MessagePublished, *PANELS, *HEARINGS]
    return [event for event in events if is_told(event.code)]


@on(*told_events())
def tell_followers(announced: Announced) -> None:
    if Follow.objects.in_force().filter(tender__ocid=announced.file).exists():
        tasks.tell.defer(entry_id=announced.entry_id)
