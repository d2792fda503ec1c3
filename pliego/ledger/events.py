"""What this room announces: who watches the log from outside. `data` is plain JSON."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event

WITNESSES_FILE = "testigos"


class WitnessRegistered(Event):
    """data: name, institution, vkey (the public key that checks its cosignatures)."""

    code = "ledger.witness_registered"
    title = _("Witness of the log registered")


class WitnessRetired(Event):
    """data: name, institution, vkey, reason. What it cosigned before stands."""

    code = "ledger.witness_retired"
    title = _("Witness of the log retired")
