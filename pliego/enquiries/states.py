"""An observation waits until it is answered, once and for good."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

ENQUIRY = Machine(
    model="enquiries.Enquiry",
    title=_("Observation"),
    states=(State("waiting", _("Without an answer")), State("answered", _("Answered"))),
    rows=(Row("answer", "waiting", "answered"),),
)
