"""Why a file may not enter: the one table of sentences, published so that the browser says the same before sending."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Text

# fmt: off
_TABLE: tuple[tuple[str, str, Text], ...] = (
    # what was found     code of the objection  what to do about it
    ("empty_file",       "empty_file",          _("“%(name)s” is empty (0 bytes). Choose another file.")),
    ("file_too_large",   "file_too_large",
     _("“%(name)s” weighs %(size)s MB and the limit is %(limit)s MB. Split it or compress it.")),
    ("no_room",          "no_room",
     _("The platform has no room for “%(name)s” now. What you sent is kept: try again in a while.")),
    ("executable",       "wrong_type",
     _("“%(name)s” is a program or a script. Programs are never accepted.")),
    ("old_office",       "wrong_type",
     _("“%(name)s” is in the old Office format or has a password. Save it as docx, xlsx or pptx without a password.")),
    ("closed_archive",   "wrong_type",
     _("“%(name)s” is compressed in a format that cannot be looked into. Use ZIP instead.")),
    ("markup",           "wrong_type",
     _("“%(name)s” is a web page or a drawing with code. Save it as PDF.")),
    ("wrong_type",       "wrong_type",
     _("“%(name)s” is not of an accepted type. Accepted here: %(allowed)s.")),
    ("wrong_name",       "wrong_type",
     _("“%(name)s” ends in .%(extension)s but its content is %(real)s. Rename it or choose the right file.")),
    ("two_files_in_one", "two_files_in_one",
     _("“%(name)s” is two files in one: behind its content there is a ZIP folder. Save it again and retry.")),
    ("zip_has_a_prefix", "two_files_in_one",
     _("“%(name)s” has something before the ZIP folder. Make the ZIP again.")),
    ("damaged_zip",      "damaged_zip",
     _("“%(name)s” is damaged and cannot be opened. Make it again.")),
    ("too_many_files",   "too_many_files",
     _("“%(name)s” has more than 10.000 files inside. Split it.")),
    ("expands_too_much", "expands_too_much",
     _("“%(name)s” expands to more than 2 GB. Split it.")),
    ("zip_bomb",         "expands_too_much",
     _("“%(name)s” expands to an absurd size (a “ZIP bomb”).")),
    ("repeated_names",   "repeated_names",
     _("“%(name)s” has two files with the same name inside.")),
    ("overlapping_files", "overlapping_files",
     _("“%(name)s” is built to expand without end (its files overlap).")),
    ("escapes_folder",   "escapes_folder",
     _("“%(name)s” has files that would be written outside its folder.")),
    ("symbolic_link",    "symbolic_link",
     _("“%(name)s” has links to other files inside. Include the files.")),
    ("nested_too_deep",  "nested_too_deep",
     _("“%(name)s” has ZIP folders inside ZIP folders. Use one folder.")),
    ("has_password",     "has_password",
     _("“%(name)s” has a password: nobody could evaluate it. Remove the password.")),
    ("pdf_has_password", "has_password",
     _("“%(name)s” has a password or limits: nobody could evaluate it. Export it without protection.")),
    ("pdf_truncated",    "truncated",
     _("“%(name)s” is cut short: its end is missing. Export it again.")),
    ("pdf_code",         "pdf_code",
     _("“%(name)s” has code inside (JavaScript). Print it to PDF and retry.")),
    ("pdf_launch",       "pdf_launch",
     _("“%(name)s” opens programs or media. Print it to PDF and retry.")),
    ("unreadable_pdf",   "unreadable_pdf",
     _("“%(name)s” cannot be read inside. Print it to PDF and retry.")),
    ("macros",           "macros",
     _("“%(name)s” has macros. Save it without macros, or as PDF.")),
)
# fmt: on
TABLE = {found: (code, sentence) for found, code, sentence in _TABLE}


def refusal(found: str, name: str, field: str = "", **words: object) -> Objection:
    """The objection of a row of the table, about the file with that name."""
    code, sentence = TABLE[found]
    return Objection(code, str(sentence) % {"name": name, **words}, field)


def published() -> dict[str, str]:
    """Each sentence with its words in braces, as the browser fills it."""
    words = {word: f"{{{word}}}" for word in ("name", "size", "limit", "allowed", "extension", "real")}
    return {found: str(sentence) % words for found, (_code, sentence) in TABLE.items()}
