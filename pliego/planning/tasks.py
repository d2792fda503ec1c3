"""Jobs of the plans: reading a large file, writing it into the plan, and beginning again what died."""

import logging

from procrastinate.contrib.django import app

from pliego.kernel import clock

logger = logging.getLogger("pliego.planning")


@app.task(name="planning.read")
def read(load_id: int, is_awaited: bool = False) -> None:
    from pliego.planning import loads

    loads.carry_out_reading(load_id=load_id, at=clock.now(), is_awaited=is_awaited)


@app.task(name="planning.write")
def write(load_id: int, is_awaited: bool = False) -> None:
    from pliego.planning import loads

    loads.carry_out_writing(load_id=load_id, at=clock.now(), is_awaited=is_awaited)


@app.task(name="planning.make_sheet")
def make_sheet(sheet_id: int) -> None:
    from pliego.planning import files

    files.make_sheet(sheet_id=sheet_id, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="planning.begin_again", queue="housekeeping", queueing_lock="planning.begin_again")
def begin_again(timestamp: int) -> None:
    from pliego.planning import loads, sheets

    at = clock.now()
    if again := loads.begin_again(at=at) + sheets.begin_again(at=at):
        logger.info("%d files of plans are read or written again", again)
