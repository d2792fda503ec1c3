"""The public messages of a process, as finished strings."""

from dataclasses import dataclass

from django.urls import reverse

from pliego.publication.native.reading import Known
from pliego.publication.native.shapes import Paper, paper
from pliego.web.templatetags.pliego import address, instant, iso


@dataclass(frozen=True)
class Said:
    number: int
    subject: str
    text: str
    at: str
    at_iso: str
    papers: list[Paper]
    url: str
    receipt: str
    receipt_url: str


def said(known: Known) -> list[Said]:
    return [
        Said(
            number=message.number,
            subject=message.subject,
            text=message.text,
            at=instant(message.sent_at),
            at_iso=iso(message.sent_at),
            papers=[paper(document, document.name, str(document.kind_title), message.sent_at) for document in files],
            url=reverse("correspondence:message", args=[known.tender.code, message.number]),
            receipt=message.receipt.code if message.receipt else "",
            receipt_url=address(message.receipt.url) if message.receipt else "",
        )
        for message, files in known.messages
    ]
