"""Opening a process: offers of five files of 1 MB, from the first lock to the list of bidders, beside the cipher; and
sealing one of them."""

import hashlib
import io
import os
import time

from benchmarks.ground import table
from benchmarks.worlds import MONDAY, published_process

FILES, SIZE = 5, 10**6


def run(offers: int) -> None:
    import pyrage

    from pliego.bidding import opening
    from pliego.bidding.models import BidDocument
    from pliego.bidding.tests import given as bids
    from pliego.kernel import clock
    from pliego.tendering.tests import given as tenders

    _sealing(offers)
    tender = published_process()
    clock.hold(MONDAY)
    item = next(str(item.number) for item in tender.items.all() if item.kind == "file")
    for number in range(offers):
        supplier = tenders.signed(tenders.supplier(MONDAY, f"proveedora{number}"), MONDAY)
        bids.submitted_bid(tender, supplier, what=_contents(bids.contents(tender), item))
    at = bids.ready_to_open(tender)
    actor = tenders.people_of(tender).ana
    start, cpu = time.perf_counter(), time.process_time()
    opening.open_bids(actor=actor, tender_id=tender.pk, at=at)
    ours, spent = time.perf_counter() - start, time.process_time() - cpu
    assert BidDocument.objects.filter(document__isnull=False).count() == offers * FILES

    key = pyrage.x25519.Identity.generate()
    sealed = [pyrage.encrypt(_paper(), [key.to_public()]) for _file in range(offers * FILES)]
    start = time.perf_counter()
    for content in sealed:
        hashlib.sha256(pyrage.decrypt(content, [key])).digest()
    limit = time.perf_counter() - start
    table(
        f"{offers} offers of {FILES} files of 1 MB opened in one transaction",
        ("", "seconds", "CPU seconds", "ratio"),
        [
            ("opening: locks, files looked into and kept, acts", f"{ours:.2f}", f"{spent:.2f}", f"{ours / limit:.1f}"),
            ("limit: the same bytes decrypted and hashed", f"{limit:.2f}", "", "1"),
        ],
    )


def _sealing(offers: int) -> None:
    """Sealing in Python, as `pliego seal` does: keys, locks, parts and hashes, beside the cipher alone."""
    import pyrage

    from pliego.bidding import sealing
    from pliego.bidding.tests.sealed import Committee

    process, papers = Committee().process, [_paper() for _file in range(FILES)]
    key = pyrage.x25519.Identity.generate().to_public()
    start = time.perf_counter()
    for _offer in range(offers):
        files = [sealing.Attachment("1", f"{n}.pdf", io.BytesIO(paper)) for n, paper in enumerate(papers)]
        sealing.seal(process, "CTA-1", {"oferta": sealing.Contents(attachments=files)}, lambda *_part: None)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    for _offer in range(offers):
        for paper in papers:
            pyrage.encrypt_io(io.BytesIO(paper), io.BytesIO(), [key])
    limit = time.perf_counter() - start
    size = offers * sum(len(paper) for paper in papers) / 10**6
    table(
        f"{offers} offers of {FILES} files of 1 MB sealed for five members",
        ("", "MB/s", "ratio"),
        [
            ("sealing: keys, locks, parts, hashes", f"{size / ours:.0f}", f"{limit / ours:.2f}"),
            ("limit: the cipher alone", f"{size / limit:.0f}", "1"),
        ],
    )


def _paper() -> bytes:
    return b"%PDF-1.7\n" + os.urandom(SIZE).replace(b"/", b"x") + b"\n%%EOF\n"


def _contents(contents: dict, item: str) -> dict:
    from dataclasses import replace

    from pliego.bidding.sealing import Attachment

    files = [Attachment(item, f"documento {n}.pdf", io.BytesIO(_paper())) for n in range(FILES)]
    first = next(iter(contents))
    return {**contents, first: replace(contents[first], attachments=files)}
