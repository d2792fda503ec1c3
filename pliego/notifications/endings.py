"""What is told of the end of a contract that both parties do not settle, and of its terms."""

from django.utils.translation import gettext_lazy as _

from pliego.notifications import audiences as to
from pliego.notifications.row import Row

ENDING = "/escritorio/contratos/{contract}/liquidacion/cierre/"

# fmt: off
ENDINGS: tuple[Row, ...] = (
    Row("settlement_resolution.issued", to.CONTRACTOR, _("The entity settled the contract “{title}” alone"),
        _("Resolution {resolution}. You may appeal it until {ends_on}."), ENDING, receipt=True),
    Row("settlement_resolution.issued", to.SUPERVISOR, _("The contract “{title}” was settled by a resolution"),
        _("Resolution {resolution}. It can be appealed until {ends_on}."), ENDING),
    Row("settlement_resolution.appealed", to.APPROVERS, _("The settlement of “{title}” was appealed"),
        _("Decide the appeal of the resolution {resolution}."), ENDING),
    Row("settlement_resolution.revoked", to.CONTRACTOR, _("The resolution that settled “{title}” was revoked"),
        _("Resolution {resolution}. The contract is not settled."), ENDING, receipt=True),
    Row("settlement_resolution.revoked", to.SUPERVISOR, _("The resolution that settled “{title}” was revoked"),
        _("Resolution {resolution}. The contract is not settled."), ENDING),
    Row("settlement_resolution.firm", to.OFFICE, _("The contract “{title}” was settled"), _("Resolution {resolution}."),
        ENDING),
    Row("settlement_resolution.firm", to.CONTRACTOR, _("The contract “{title}” was settled"),
        _("Resolution {resolution}."), ENDING, receipt=True),
    Row("settlement_ruling.registered", to.OFFICE, _("A judge settled the contract “{title}”"), "", ENDING),
    Row("settlement_ruling.registered", to.CONTRACTOR, _("A judge settled the contract “{title}”"), "", ENDING),
    Row("settlement_term.ending", to.OFFICE, _("A term to settle “{title}” ends soon"),
        _("“{about}” ends on {ends_on}."), ENDING),
    Row("settlement_term.ending", to.SUPERVISOR, _("A term to settle “{title}” ends soon"),
        _("“{about}” ends on {ends_on}."), ENDING),
    Row("settlement_term.ended", to.OFFICE, _("A term to settle “{title}” ended"), _("“{about}” ended on {ends_on}."),
        ENDING),
    Row("settlement_term.ended", to.SUPERVISOR, _("A term to settle “{title}” ended"),
        _("“{about}” ended on {ends_on}."), ENDING),
)
# fmt: on
