"""What is announced of a person's standing: suspensions, appeals, closing, merging, inactivity. None of it is public.

What a suspension's proposal goes through stays in its own file, `suspension:<code>`, until it is in force; what
concerns the person from then on is in theirs, `persona:<code>`, where they read it.
"""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class SuspensionProposed(Event):
    code = "suspension.proposed"
    title = _("Suspension of a person proposed")
    public = False


class SuspensionApproved(Event):
    code = "suspension.approved"
    title = _("Suspension of a person approved by the first of two")
    public = False


class SuspensionRejected(Event):
    code = "suspension.rejected"
    title = _("Suspension of a person rejected")
    public = False


class PersonSuspended(Event):
    code = "suspension.in_force"
    title = _("Person suspended")
    public = False


class SuspensionLifted(Event):
    code = "suspension.lifted"
    title = _("Suspension lifted")
    public = False


class SuspensionEnded(Event):
    code = "suspension.ended"
    title = _("Suspension ended with its term")
    public = False


class SuspensionAppealed(Event):
    code = "suspension.appealed"
    title = _("Suspension appealed")
    public = False


class AppealAnswered(Event):
    code = "suspension.appeal_answered"
    title = _("Appeal against a suspension answered")
    public = False


class ActCosigned(Event):
    code = "act.cosigned"
    title = _("Signed as second person")
    public = False


class PersonClosed(Event):
    code = "person.closed"
    title = _("User closed by its person")
    public = False


class InactivityWarned(Event):
    code = "person.inactivity_warned"
    title = _("Warned of a long time without operations")
    public = False


class MergerProposed(Event):
    code = "merger.proposed"
    title = _("Merging of two registrations proposed")
    public = False


class MergerApproved(Event):
    code = "merger.approved"
    title = _("Merging of two registrations approved by the first of two")
    public = False


class MergerRejected(Event):
    code = "merger.rejected"
    title = _("Merging of two registrations rejected")
    public = False


class PersonsMerged(Event):
    code = "person.merged"
    title = _("Two registrations of one person merged")
    public = False
