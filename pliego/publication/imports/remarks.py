"""Why a row, or a value of a row, was not loaded: one sentence for each stable reason."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text

SENTENCES: dict[str, Text] = {
    "wrong_columns": _("The row does not have as many columns as the heading."),
    "not_csv": _("The row cannot be read: a quotation mark was opened and never closed."),
    "not_utf8": _("The row has bytes that are not UTF-8 text."),
    "zero_byte": _("The row has a zero byte."),
    "no_identifier": _("The row names no process: it has neither portfolio, nor process, nor contract identifier."),
    "not_an_identifier": _("The identifier is not written as the source writes it (CO1.…)."),
    "training_process": _("It is a training process, not a purchase."),
    "not_a_date": _("This is not a date. The rest of the row was loaded."),
    "impossible_year": _("The year is impossible. The rest of the row was loaded."),
    "not_an_amount": _("This is not an amount. The rest of the row was loaded."),
    "implausible_amount": _("The amount is larger than the whole national budget. The rest of the row was loaded."),
    "not_a_number": _("This is not a number. The rest of the row was loaded."),
}
