"""Any public identifier, ours or imported, typed, pasted, or inside an address, leads to its process."""

import re

from pliego.publication.models import Identifier, Process

IDENTIFIER = re.compile(
    r"PLG\.[A-Z]{3}\.\d{1,12}|CO1\.(?:BDOS|REQ|NTC|PCCNTR|AWD)\.\d{1,12}|\b\d{2}-\d{1,2}-\d{4,12}\b", re.IGNORECASE
)
OCID = re.compile(r"ocds-[a-z0-9]{6}-[A-Za-z0-9._-]{1,60}", re.IGNORECASE)
LONGEST = 1_000


def named(text: str) -> str:
    """The identifier that a text is or contains, as it is stored; "" when there is none."""
    text = text.strip()[:LONGEST]
    if (found := OCID.search(text)) and IDENTIFIER.search(found[0]):
        text = found[0]
    match = IDENTIFIER.search(text)
    if match is None:
        return ""
    rest = text.replace(match[0], "")
    is_address = "://" in text or text.lower().startswith(("ocds-", "www."))
    return match[0].upper() if is_address or not rest.strip(" .,;:()\"'") else ""


def find(identifier: str) -> Process | None:
    """The process with that identifier, whatever its kind; None when nobody or more than one answers to it."""
    value = named(identifier) or identifier.strip().upper()
    ocid = identifier.strip() if identifier.lower().startswith("ocds-") else ""
    found = list(
        Process.objects.filter(
            pk__in=Identifier.objects.filter(value__in={value, ocid.upper()} - {""}).values("process_id")
        ).defer("doc")[:2]
    )
    return found[0] if len(found) == 1 else None


def looks_like_a_reference(text: str) -> bool:
    """One word with digits, such as "SAMC-010-2026": perhaps the number that the entity gave its process."""
    text = text.strip()
    return bool(re.fullmatch(r"[\w./-]{4,60}", text)) and any(c.isdigit() for c in text) and not text.isalpha()
