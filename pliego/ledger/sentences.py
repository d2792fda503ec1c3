"""The sentences that the verifier in the browser says, in the language of the page."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text

BROWSER: tuple[tuple[str, Text], ...] = (
    ("authentic", _("Authentic")),
    ("altered", _("Altered")),
    ("unreadable", _("This is neither a receipt nor an expediente of Pliego, and no act verified here names it.")),
    (
        "no_ed25519",
        _("This browser is too old to check the signature (it lacks Ed25519). Update it, or use another one."),
    ),
    ("unknown", _("Cannot be checked here")),
    ("inside", _("The receipt inside is authentic")),
    ("pdf_page", _("This is what the attached receipt says. That the page says the same, “pliego verify” checks.")),
    ("receipt", _("Receipt")),
    ("expediente", _("Expediente")),
    ("document", _("Document")),
    ("head", _("Acts under the signed head: %s")),
    ("acts", _("Public acts verified: %s")),
    ("reserved", _("Reserved acts, only their hashes are here: %s")),
    ("documents", _("Documents that are the ones that the acts name: %s")),
    ("named_by", _("It is the document that this act names: %s")),
    ("key", _("The key written in the file is not the one above.")),
    ("own_key", _("Checked with the key that the file itself brings. Paste above a key that you trust.")),
    ("bad_key", _("The key above was copied badly.")),
    ("checkpoint", _("The signed head of the log was altered, or is of another log.")),
    ("shape", _("Fields are missing, or do not belong there: %s")),
    ("body", _("%s: its text was altered.")),
    ("inclusion", _("%s: the log does not hold it there.")),
    ("code", _("The code of the receipt is not that of the act.")),
    ("proof", _("The proof text was altered.")),
    ("witnesses", _("Its head names these witnesses, which “pliego verify --witness” checks: %s")),
    ("intention", _("%s: it is not the act that its signer signed.")),
    ("signature", _("%s: the signature of the passkey does not hold.")),
    ("signed", _("Signatures by passkey that hold over these acts: %s")),
    ("said", _("%s: its folio, its file or the hash of the one before it was altered.")),
    ("order", _("%s: an act is missing or out of order before it.")),
    ("chain", _("%s: it does not follow the act before it.")),
    ("digest", _("expediente.json was altered: it does not have its own SHA-256.")),
    ("zip", _("The ZIP was altered: it cannot be read.")),
    ("document_altered", _("%s: it was altered or is missing, no act names what it holds.")),
    ("document_foreign", _("%s: it does not belong to the expediente.")),
    ("unsealed", _("Later acts that were still being sealed and are not here: %s")),
)


def browser() -> dict[str, Text]:
    return dict(BROWSER)
