"""Small real PDFs for the demo country, set with typst. They say what they are: documents of practice."""

import io

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from pliego.web.fields import Upload

PAGE = """
#set document(title: {title})
#set page(paper: "a5", margin: 2cm)
#set text(lang: "es", size: 11pt)
#align(center)[#text(size: 9pt, fill: rgb("#475467"))[Documento de práctica, sin valor legal]]
#v(1em)
= #{title}
#v(.5em)
#{body}
"""


def pdf(title: str, body: str = "") -> bytes:
    """A page with this title and these words."""
    source = PAGE.format(title=_quoted(title), body=_quoted(body or title))
    made = typst.compile(source.encode(), format="pdf")
    return bytes(made if isinstance(made, bytes) else made[0])


def upload(name: str, title: str, body: str = "") -> Upload:
    """The same, as a form would send it."""
    return Upload(file=SimpleUploadedFile(name, pdf(title, body), content_type="application/pdf"))


def stream(title: str, body: str = "") -> io.BytesIO:
    return io.BytesIO(pdf(title, body))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
