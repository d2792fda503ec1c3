"""Jobs of the documents: forget old uploads, ask the antivirus about what it has not seen."""

from procrastinate.contrib.django import app

from pliego.documents import antivirus, receiving, services
from pliego.documents.models import Document
from pliego.kernel import clock

AT_ONCE = 200


@app.periodic(cron="17 * * * *")
@app.task(name="documents.sweep_uploads", queue="housekeeping", queueing_lock="documents.sweep_uploads")
def sweep_uploads(timestamp: int) -> None:
    receiving.sweep(at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="documents.scan_unseen", queue="housekeeping", queueing_lock="documents.scan_unseen")
def scan_unseen(timestamp: int) -> None:
    """Sealed files can be looked into only after their opening, so they are stored as they come and scanned here."""
    if not antivirus.is_configured():
        return
    for document_id in Document.objects.filter(scan="unscanned").order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        services.scan(document_id=document_id, at=clock.now())
