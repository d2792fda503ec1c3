"""What this room announces, in the file of the account. No event has an amount or a bank account in it."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class ProfileChanged(Event):
    code = "supplier.profile_changed"
    title = _("Profile of a supplier changed")
    public = False


class BankAccountChanged(Event):
    code = "supplier.bank_account_changed"
    title = _("Bank account of a supplier changed")
    public = False
