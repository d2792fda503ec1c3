"""What this room announces, on the file of the process. The documents of those who attend are in no act."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class HearingConvened(Event):
    """data: code, number, kind, about (its title), begins_at, place, link, how."""

    code = "hearing.convened"
    title = _("Hearing or visit convened")


class HearingCancelled(Event):
    """data: code, number, about, reason."""

    code = "hearing.cancelled"
    title = _("Hearing or visit called off")


class HearingBegun(Event):
    """data: code, number, about."""

    code = "hearing.begun"
    title = _("Hearing or visit begun")


class AttendanceRegistered(Event):
    """data: code, number, about, attendance, name, represents. Reserved: the minutes make the list public."""

    code = "hearing.attended"
    title = _("Attendance registered")
    public = False


class Spoken(Event):
    """data: code, number, about, intervention, name, represents, text."""

    code = "hearing.spoken"
    title = _("Intervention in a hearing")


class Answered(Event):
    """data: code, number, about, intervention, text, answer."""

    code = "hearing.answered"
    title = _("Answer in a hearing")


class HearingAdjourned(Event):
    """data: code, number, about, reason, resumes_at."""

    code = "hearing.adjourned"
    title = _("Hearing suspended")


class HearingResumed(Event):
    """data: code, number, about."""

    code = "hearing.resumed"
    title = _("Hearing resumed")


class HearingClosed(Event):
    """data: code, number, about, attendees [{name, represents}], interventions (how many). documents: the minutes."""

    code = "hearing.closed"
    title = _("Hearing or visit closed: minutes")


class MinutesCompleted(Event):
    """data: code, number, about, addition, text. What it corrects stays as it was."""

    code = "hearing.completed"
    title = _("Addition to the minutes")
