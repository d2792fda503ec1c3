"""What this room announces, on the file of the process."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class EnquiryAsked(Event):
    """data: code, enquiry, number, supplier, text."""

    code = "enquiry.asked"
    title = _("Observation received")


class EnquiryAnswered(Event):
    """data: code, enquiry, number, text, answer."""

    code = "enquiry.answered"
    title = _("Observation answered")
