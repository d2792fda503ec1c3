"""Every OCDS package of imported processes is valid: real files where they lie beside the repository."""

import json
import random

import pytest
from django.test import Client

from pliego.publication.imports import reading
from pliego.publication.models import Process
from pliego.publication.tests import given
from tests import shared

pytest.importorskip("libcoveocds", reason="libcoveocds is a development dependency: OCDS packages are not checked")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning:libcove"),
]


def checked(package):
    from tests.ocds.offline import faults

    return faults(package, shared.path("ocds"))


def test_the_checker_finds_faults(tmp_path):
    folder = shared.path("ocds") / "samples/colombia-own"

    assert checked(json.loads((folder / "good.json").read_text())) == {}
    for path in sorted(folder.glob("bad-*.json")):
        assert checked(json.loads(path.read_text())), path.name


def test_packages_of_real_files_are_valid(at):
    paths = sorted(shared.path("data").glob("secop*.csv"))
    entities = [p for p in paths if reading.heading(p).layout.name == "entities"]
    for path in paths:
        if path not in entities:
            given.loaded(path, entities)
    client = Client()
    ocids = list(Process.objects.order_by("ocid").values_list("ocid", flat=True))
    chosen = random.Random(2026).sample(ocids, 100)

    wrong = {}
    for start in range(0, 100, 25):
        records = [client.get(f"/ocds/api/v1/records/{ocid}").json() for ocid in chosen[start : start + 25]]
        package = {**records[0], "records": [record["records"][0] for record in records]}
        wrong |= checked(package)
    url = "/ocds/api/v1/releases?limit=100"
    for _page in range(3):
        package = client.get(url).json()
        wrong |= checked(package)
        url = package["links"]["next"].split("localhost:8000")[1]

    assert wrong == {}
