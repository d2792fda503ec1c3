"""What this room announces, on the file of the process."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class EnquiryAsked(Event):
    """data: code, enquiry, number, supplier, text, about {document, section, place}, by_entity."""

    code = "enquiry.asked"
    title = _("Observation received")


class EnquiryAnswered(Event):
    """data: code, enquiry, number, text, answer, together [{enquiry, number, text}]: the others of a joint answer."""

    code = "enquiry.answered"
    title = _("Observation answered")
