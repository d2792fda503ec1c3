"""Choosing files in the page of an offer, in a real browser: several at once, large ones, wrong ones, and a line that
is cut; and the explanation of the road without script, which shows only where the script does not run."""

import os
import re

import pytest
from playwright.sync_api import expect

from pliego.bidding import opening, parts
from pliego.bidding.models import Part, SealedDraft
from pliego.bidding.tests import given
from pliego.bidding.tests.browsing import DONE, NEEDS_CHROMIUM, fill, url
from pliego.bidding.tests.cutting import CutLine
from pliego.documents.models import Upload
from pliego.documents.tests.corpus import ATTACKS
from pliego.tendering.tests import given as tenders

pytestmark = NEEDS_CHROMIUM
MIB = 2**20
INPUT = "[data-kind=file] input[type=file]"
ROW = "[data-files] li"
STATUS = "[data-part=status]"


def paper(folder, name, size=0):
    """A PDF of about that size that no compression makes smaller."""
    path = folder / name
    path.write_bytes(given.pdf(name) + b"\n%" + os.urandom(size).hex().encode()[:size] + b"\n%%EOF\n")
    return path


@pytest.fixture
def tender(at):
    return given.published_tender(at)


@pytest.fixture
def page(visit, tender, at):
    page = visit(tenders.supplier(at))
    page.goto(url("prepare", tender))
    expect(page.locator("[data-part=tool]")).to_be_visible()
    return page


def seal(page):
    page.locator("[data-part=seal]").click()
    expect(page.locator("#presentar-bloque")).to_be_visible(timeout=30_000)


def present(page, tender):
    page.locator("#presentar input[name=firma-demo]").check()
    page.locator("#presentar button[type=submit]").first.click()
    page.wait_for_url(f"**{url('offer', tender)}")


class TestTheQueue:
    def test_takes_files_chosen_while_a_large_one_is_being_sealed(self, page, tender, tmp_path):
        names = ["grande.pdf", "segundo.pdf", "tercero.pdf", "cuarto.pdf"]
        files = [paper(tmp_path, "grande.pdf", 30 * MIB), *(paper(tmp_path, name, 2000) for name in names[1:])]
        field = page.locator(INPUT).first

        field.set_input_files(files[0])
        field.set_input_files(files[1])
        field.set_input_files(files[2:])

        expect(page.locator(ROW)).to_have_count(4)
        expect(page.locator(ROW).first).to_have_attribute("data-state", "sending")
        expect(page.locator(ROW).first).to_contain_text(re.compile(r"[1-9]\d? %"), timeout=30_000)
        expect(page.locator(f"{ROW} progress:visible")).to_have_count(1)
        fill(page, tender)
        seal(page)  # waits for all of them
        expect(page.locator(DONE)).to_have_count(4)
        present(page, tender)
        opened = given.opened_tender(tender)
        kept = opening.BidDocument.objects.filter(envelope__bid__tender=opened).select_related("document")
        assert [document.name for document in kept] == names
        assert [document.document.size for document in kept] == [path.stat().st_size for path in files]
        assert page.faults == []

    def test_lets_each_file_be_cancelled_and_replaced(self, page, tender, tmp_path):
        field = page.locator(INPUT).first
        field.set_input_files(
            [paper(tmp_path, "grande.pdf", 30 * MIB), paper(tmp_path, "b.pdf"), paper(tmp_path, "c.pdf")]
        )
        expect(page.locator(ROW).first).to_have_attribute("data-state", "sending")
        page.locator(ROW).first.get_by_role("button", name="Quitar grande.pdf").click()
        expect(page.locator(DONE)).to_have_count(2)

        with page.expect_file_chooser() as chooser:
            page.locator(ROW).first.get_by_role("button", name="Reemplazar b.pdf").click()
        chooser.value.set_files(paper(tmp_path, "nuevo.pdf"))

        expect(page.locator(DONE)).to_have_count(2)
        expect(page.locator(ROW).nth(0)).to_contain_text("nuevo.pdf")
        expect(page.locator(ROW).nth(1)).to_contain_text("c.pdf")
        fill(page, tender)
        seal(page)
        present(page, tender)
        opened = given.opened_tender(tender)
        documents = opening.BidDocument.objects.filter(envelope__bid__tender=opened)
        assert [document.name for document in documents] == ["nuevo.pdf", "c.pdf"]

    def test_does_not_present_what_was_sealed_before_another_file_was_chosen(self, page, tender, tmp_path):
        page.locator(INPUT).first.set_input_files(paper(tmp_path, "a.pdf"))
        fill(page, tender)
        seal(page)

        page.locator(INPUT).first.set_input_files(paper(tmp_path, "b.pdf"))

        expect(page.locator("#presentar-bloque")).to_be_hidden()
        assert page.locator("#presentar input[name=manifest]").input_value() == ""

    def test_names_to_the_draft_the_parts_that_it_counts_on(self, page, tmp_path):
        page.locator("[data-part=phrase]").fill("frase larga del borrador 2026")
        page.locator("[data-part=keep]").click()
        expect(page.locator(STATUS)).to_contain_text("versión 1", timeout=20_000)

        page.locator(INPUT).first.set_input_files(paper(tmp_path, "a.pdf"))

        expect(page.locator(STATUS)).to_contain_text("versión 2", timeout=20_000)
        assert SealedDraft.objects.get().parts == list(Part.objects.values_list("sha256", flat=True)) != []


class TestWrongFiles:
    WRONG = {
        "vacío.pdf": "está vacío",
        "programa.pdf": "es un programa",
        "clave.docx": "formato antiguo de Office",
        "otro.docx": "su contenido es pdf",
        "clave.pdf": "tiene contraseña",
        "js.pdf": "código",
        "corto.pdf": "cortado",
        "doble.pdf": "dos archivos en uno",
        "macro.docx": "macros",
        "bomba.zip": "bomba",
        "fuga.zip": "fuera de su carpeta",
    }

    def test_are_refused_at_their_row_before_anything_is_sent(self, page, tender, tmp_path):
        sent = []
        page.on("request", lambda request: sent.append(request.method) if "/cargas/" in request.url else None)
        for number, (name, why) in enumerate(self.WRONG.items()):
            path = tmp_path / name
            path.write_bytes(ATTACKS[name][0])

            page.locator(INPUT).first.set_input_files(path)

            expect(page.locator(f"{ROW}[data-state=refused]")).to_have_count(number + 1)
            expect(page.locator(ROW).nth(number)).to_contain_text(why)
            expect(page.locator(STATUS)).to_contain_text(name)
        assert sent == []
        fill(page, tender)
        page.locator("[data-part=seal]").click()
        expect(page.locator("#presentar-bloque")).to_be_hidden()

    def test_larger_than_the_limit_say_both_sizes(self, visit, tender, at, tmp_path, settings):
        settings.PLIEGO_MAX_FILE_BYTES = MIB
        page = visit(tenders.supplier(at))
        page.goto(url("prepare", tender))
        page.locator(INPUT).first.set_input_files(paper(tmp_path, "a.pdf", 2 * MIB))

        expect(page.locator(f"{ROW}[data-state=refused]")).to_contain_text("pesa 2 MB y el límite es 1 MB")

    def test_the_same_file_twice_is_refused_also_under_another_name(self, page, tmp_path):
        field = page.locator(INPUT).first
        first = paper(tmp_path, "a.pdf")
        (tmp_path / "copia.pdf").write_bytes(first.read_bytes())
        field.set_input_files(first)
        field.set_input_files(first)
        field.set_input_files(tmp_path / "copia.pdf")

        expect(page.locator(DONE)).to_have_count(1)
        expect(page.locator(f"{ROW}[data-state=refused]")).to_have_count(2)
        expect(page.locator(ROW).nth(2)).to_contain_text("a.pdf, que ya está aquí")


class TestACutLine:
    def test_goes_on_from_the_byte_where_it_was_cut(self, visit, live_server, tender, at, tmp_path):
        cuts, stretch = 3, 2 * MIB
        line = CutLine((live_server.thread.host, live_server.thread.port), cuts=cuts, after=MIB)
        page = visit(tenders.supplier(at), at=line.url)
        page.goto(url("prepare", tender))
        size = 20 * MIB

        page.locator(INPUT).first.set_input_files(paper(tmp_path, "grande.pdf", size))

        expect(page.locator(DONE)).to_have_count(1, timeout=60_000)
        line.close()
        print(f"cuts at {line.offsets}; {line.carried / size:.3f} of the file carried")  # noqa: T201
        assert line.cuts == 0
        assert line.carried < size + cuts * 2 * stretch  # the stretch that was cut, and again if the browser insists
        assert Part.objects.count() == 3
        assert all(parts.exists(name) for name in Part.objects.values_list("sha256", flat=True))
        assert set(Upload.objects.values_list("state", flat=True)) == {"used"}

    def test_that_stays_down_pauses_the_file_until_the_person_goes_on(self, page, tender, tmp_path):
        page.clock.install()
        down = True
        page.route("**/cargas/**", lambda route: route.abort() if down else route.continue_())
        page.locator(INPUT).first.set_input_files(paper(tmp_path, "a.pdf"))
        for _try in range(80):  # of its clock each is one more try; a busy machine needs some to seal the file first
            page.clock.run_for(17_000)
            page.wait_for_timeout(50)
            if page.locator(ROW).get_attribute("data-state") == "paused":
                break
        expect(page.locator(ROW)).to_have_attribute("data-state", "paused")
        expect(page.locator(ROW)).to_contain_text("continuará desde donde quedó")

        down = False
        page.get_by_role("button", name="Continuar a.pdf").click()

        expect(page.locator(DONE)).to_have_count(1)

    def test_and_a_session_that_ended_wait_for_the_person_to_sign_in_again(self, page, tender, tmp_path):
        cookies = page.context.cookies()
        page.context.clear_cookies()
        page.locator(INPUT).first.set_input_files(paper(tmp_path, "a.pdf"))
        expect(page.locator(ROW)).to_have_attribute("data-state", "paused")
        expect(page.locator(ROW)).to_contain_text("Su sesión terminó")

        page.context.add_cookies(cookies)
        page.get_by_role("button", name="Continuar a.pdf").click()

        expect(page.locator(DONE)).to_have_count(1)


WATCHED = """
window.seen = 0;
(function look() {
  const box = document.querySelector(".bid-unscripted");
  if (box && box.getClientRects().length && getComputedStyle(box).visibility !== "hidden") window.seen += 1;
  requestAnimationFrame(look);
})();
"""


class TestTheRoadWithoutScript:
    EXPLAINED = ".bid-unscripted"

    def test_is_never_seen_where_the_script_works_also_when_it_comes_late(self, visit, tender, at):
        page = visit(tenders.supplier(at))
        page.add_init_script(WATCHED)
        page.route("**/sealing*.js", lambda route: (page.wait_for_timeout(2000), route.continue_()))

        page.goto(url("prepare", tender), wait_until="load")

        expect(page.locator("[data-part=tool]")).to_be_visible()
        assert page.evaluate("window.seen") == 0
        page.wait_for_timeout(9000)  # longer than it waits for the script
        assert page.evaluate("window.seen") == 0

    @pytest.mark.parametrize("answer", ["lost", "broken"])
    def test_comes_up_where_the_script_fails(self, visit, tender, at, answer):
        page = visit(tenders.supplier(at))
        broken = {"status": 200, "content_type": "text/javascript", "body": "throw new Error('viejo')"}
        page.route("**/sealing*.js", lambda route: route.abort() if answer == "lost" else route.fulfill(**broken))

        page.goto(url("prepare", tender))

        expect(page.locator(self.EXPLAINED)).to_have_css("visibility", "visible", timeout=12_000)
        expect(page.get_by_role("link", name="Presentar un archivo sellado")).to_be_visible()

    def test_is_there_at_once_where_no_script_runs(self, visit, tender, at):
        page = visit(tenders.supplier(at), script=False)

        page.goto(url("prepare", tender))

        assert page.locator(self.EXPLAINED).is_visible()
        assert page.locator("pl-seal").is_hidden()
