"""When the disk or its quota is full: the sender reads so in a sentence, the operator in the log; nothing is lost."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pliego.documents.refusals import refusal
from pliego.kernel.objections import Refused

logger = logging.getLogger(__name__)
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def needed_for(name: str, field: str = "") -> Iterator[None]:
    """Writing that turns into a refusal at the field when there is no room."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        logger.error("no room on the disk for a file: %s", error)
        raise Refused(refusal("no_room", name, field)) from error
