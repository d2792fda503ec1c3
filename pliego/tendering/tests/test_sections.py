"""Any section of the pliego by one path: read, written, compared, changed by an addendum, guarded from each other."""

from datetime import timedelta

import pytest

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering import queries, sections, services
from pliego.tendering.models import PriceLoad, Tender
from pliego.tendering.tests import given
from pliego.web.models import Draft


def save(house, tender, part, content, at, *, who="ana", seen=""):
    actor = getattr(house, who)
    return services.save_section(actor=actor, tender_id=tender.pk, part=part, content=content, seen=seen, at=at)


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestRegistry:
    def test_every_section_that_is_written_is_read_back_the_same(self, published):
        for section in sections.of(published):
            if section.write is not None:
                before = section.plain(published)
                section.put(published, section.typed(before))
                assert section.plain(Tender.objects.get(pk=published.pk)) == before

    def test_a_content_that_does_not_fit_its_shape_is_refused(self, house, draft, at):
        general = sections.get("general").plain(draft)

        for fault in ({"duration": "dos"}, {"no_such_field": 1}):
            with pytest.raises(Refused) as refused:
                save(house, draft, "general", {**general, **fault}, at)
            assert codes(refused) == {"bad_content"}

    def test_what_a_method_has_not_does_not_exist(self, house, draft, at):
        with pytest.raises(Unknown):
            save(house, draft, "no_such_section", {}, at)
        with pytest.raises(Unknown):
            save(house, draft, "invitation", {}, at)


class TestTwoWriters:
    def test_the_second_is_told_who_saved_and_nothing_is_written_over(self, house, draft, at):
        section = sections.get("general")
        seen = services.seen_now(draft, "general")
        general = section.plain(draft)
        save(house, draft, "general", {**general, "title": "La de Ana"}, at, seen=seen)

        with pytest.raises(Refused) as refused:
            save(house, draft, "general", {**general, "title": "La otra"}, at, seen=seen)

        assert codes(refused) == {"edited_meanwhile"}
        assert house.ana.name in str(refused.value.objections[0])
        draft.refresh_from_db()
        assert draft.title == "La de Ana"
        save(house, draft, "general", {**general, "title": "La otra"}, at, seen=services.seen_now(draft, "general"))
        draft.refresh_from_db()
        assert draft.title == "La otra"

    def test_who_has_it_open_is_shown_to_the_others_for_a_while(self, house, draft, at):
        def visit(actor, when):
            return services.visit_section(actor=actor, tender_id=draft.pk, part="general", at=when)

        assert visit(house.ana, at) == []
        seen = visit(house.beto, at + timedelta(seconds=20))
        assert [visitor.user_id for visitor in seen] == [house.ana.user_id]
        assert visit(house.beto, at + timedelta(minutes=2)) == []
        assert visit(house.ana, at + timedelta(minutes=2)) == []  # beto only reads


class TestAddendumToAnySection:
    @pytest.fixture
    def open_at(self, published):
        return published.schedule["amendments_due"] - timedelta(hours=2)

    @pytest.fixture
    def waiting(self, published, at):
        return given.amendment(published, at)

    def changed(self, house, published, open_at, **fields):
        general = sections.get("general").plain(published)
        save(house, published, "general", {**general, **fields}, open_at)

    def test_needs_the_reason_first_and_changes_nothing_yet(self, house, published, at, open_at):
        with pytest.raises(Refused) as refused:
            self.changed(house, published, open_at, description="Otra cosa")
        assert codes(refused) == {"wrong_state"}

        amendment = given.amendment(published, at)
        self.changed(house, published, open_at, description="Otra cosa")

        published.refresh_from_db()
        amendment.refresh_from_db()
        assert published.description != "Otra cosa"
        [(_title, rows)] = queries.rewritten(published, amendment)
        assert [after for _label, _before, after in rows] == ["Otra cosa"]
        assert services.written(published, sections.get("general"))["description"] == "Otra cosa"

    def test_publishes_a_version_with_before_and_after_that_binds(self, house, published, waiting, open_at):
        before = published.description
        self.changed(house, published, open_at, description="Otra cosa")

        services.publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

        published.refresh_from_db()
        assert (published.description, published.version, published.binding_version) == ("Otra cosa", 2, 2)
        first, second = published.versions.all()
        assert (first.snapshot["description"], second.snapshot["description"]) == (before, "Otra cosa")
        entry = Entry.objects.get(file=published.ocid, act="tender.amended")
        told = entry.content["data"]["changes"]["sections"]["general"]
        assert told["after"] == sections.mark(sections.get("general").plain(published))

    def test_of_dates_alone_does_not_bind(self, house, published, waiting, open_at):
        services.publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

        published.refresh_from_db()
        assert (published.version, published.binding_version) == (2, 1)

    def test_changes_the_questionnaire_and_refuses_to_leave_it_incomplete(self, house, published, waiting, open_at):
        questionnaire = sections.get("questionnaire").plain(published)
        broken = {"items": [{**item, "lines": []} for item in questionnaire["items"]]}
        save(house, published, "questionnaire", broken, open_at)

        with pytest.raises(Refused) as refused:
            services.publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)
        assert "price_list_empty" in codes(refused)
        assert published.price_lines.exists()

        questionnaire["items"][0]["question"]["title"] = "Otra pregunta"
        save(house, published, "questionnaire", questionnaire, open_at)
        services.publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)
        assert published.items.get(number=1).title == "Otra pregunta"

    def test_what_is_put_back_as_it_was_is_no_change(self, house, published, waiting, open_at):
        description = published.description
        self.changed(house, published, open_at, description="Otra cosa")
        self.changed(house, published, open_at, description=description)

        assert published.amendments.get().changes["sections"] == {}

    def test_who_opens_the_offers_never_changes(self, house, published, waiting, open_at):
        with pytest.raises(Refused) as refused:
            save(house, published, "opening", {}, open_at)
        assert codes(refused) == {"not_amendable"}

    def test_is_denied_to_the_approver(self, house, published, waiting, open_at):
        with pytest.raises(Denied):
            save(house, published, "general", {}, open_at, who="beto")


class TestPage:
    def test_shows_both_versions_after_a_clash_and_keeps_what_was_typed(self, house, draft, at, client_for):
        page = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        address = f"/escritorio/procesos/{draft.code}/datos/"
        form = page.get(address).context["form"]
        typed = {f.html_name: f.value() if f.value() is not None else "" for f in form}
        general = sections.get("general").plain(draft)
        seen = services.seen_now(draft, "general")
        save(house, draft, "general", {**general, "title": "La de otra persona"}, at)

        answer = page.post(address, {**typed, "title": "La mía", "visto": seen})

        text = answer.content.decode()
        assert (answer.status_code, answer.context["writing"].clashes) == (422, True)
        assert "La de otra persona" in text
        assert 'value="La mía"' in text
        places = [text.index(s) for s in ("error-summary", 'href="#comparacion"', 'id="comparacion"', 'value="La mía"')]
        assert places == sorted(places)
        again = page.post(address, {**typed, "title": "La mía", "visto": answer.context["writing"].seen})
        assert again.status_code == 303
        draft.refresh_from_db()
        assert draft.title == "La mía"

    def test_shows_both_versions_of_a_question_and_minds_no_other_question(self, house, draft, at, client_for):
        page = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        desk = f"/escritorio/procesos/{draft.code}/cuestionario/"
        item = draft.items.first()
        told = {"envelope": item.envelope, "kind": item.kind, "actor": house.ana, "tender_id": draft.pk, "at": at}
        typed = {"envelope": item.envelope, "kind": item.kind, "title": "La mía"}
        seen = page.get(f"{desk}{item.number}/").context["writing"].seen

        services.add_item(**told, title="Otra pregunta")
        services.save_item(**told, number=item.number, title=item.title, is_requirement=item.is_requirement)
        assert page.get(f"{desk}{item.number}/").context["writing"].seen == seen
        services.save_item(**told, number=item.number, title="La de otra persona")
        answer = page.post(f"{desk}{item.number}/", {**typed, "visto": seen})

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "La de otra persona" in text
        assert 'value="La mía"' in text
        assert house.ana.name in str(answer.context["form"].errors)
        assert draft.items.get(number=item.number).title == "La de otra persona"
        words = Draft.objects.create(
            owner=f"cuenta:{house.account.code}", key=f"tender:{draft.code}:pregunta:1", version=1
        )
        mine = {
            "number": 1,
            "data": {"title": ["La mía"]},
            "page": "una",
            "saved_by": house.ana.user_code,
            "saved_at": at,
        }
        words.versions.create(**mine)
        assert page.get(f"{desk}{item.number}/").context["form"]["title"].value() == "La mía"
        assert page.post(f"{desk}{item.number}/", {"accion": "dejar"}).status_code == 303
        assert page.get(f"{desk}{item.number}/").context["form"]["title"].value() == "La de otra persona"
        again = page.post(f"{desk}{item.number}/", {**typed, "visto": answer.context["writing"].seen})
        assert again.status_code == 303
        assert draft.items.get(number=item.number).title == "La mía"


class TestTwoWhoBringRows:
    def test_the_second_is_told_who_brought_what_and_when_and_chooses(self, house, draft, at, client_for):
        """A list that has lines: rows wait to be looked at, and the next ones would take their place."""
        iris = given.joined(house.account, "iris", ["preparer"], at)
        number = draft.items.get(kind="price_list").number
        path = f"/escritorio/procesos/{draft.code}/cuestionario/{number}/precios/"
        page = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        seen = page.get(path).context["writing"].seen
        told = {"actor": iris, "tender_id": draft.pk, "number": number, "at": at}
        load = services.read_price_list(text="Silla\t4\tunidad\nMesa\t1\tunidad", name="sillas.csv", **told)

        answer = page.post(path, {"text": "Tablero\t2\tunidad", "visto": seen})

        text = answer.content.decode()
        assert answer.status_code == 422
        assert f"{iris.name} trajo sillas.csv (2 filas) para esta lista" in text
        places = [text.index(s) for s in ("error-summary", 'id="comparacion"', "Computador portátil", "Tablero")]
        assert places == sorted(places)  # the summary first, also before the lines as they are now
        assert f'href="{path}archivo/"' in text
        assert PriceLoad.objects.get().code == load.code
        assert "sillas.csv (2 filas)" in page.get(path).content.decode()

        chosen = page.post(path, {"text": "Tablero\t2\tunidad", "visto": answer.context["writing"].seen})
        assert chosen.status_code == 303
        assert PriceLoad.objects.get().rows[0][0] == "Tablero"
        with pytest.raises(Refused, match="load_replaced") as late:
            services.apply_price_load(code=load.code, seen="", **told)
        assert house.ana.name in str(late.value.objections[0])
        mark = services.seen_now(draft, "questionnaire", number, lines=True)
        services.save_price_list(rows=given.ROWS[:1], seen=mark, **told)
        with pytest.raises(Refused, match="edited_meanwhile"):
            services.save_price_list(rows=given.ROWS, seen=mark, **told)

    def test_nor_is_who_opens_the_offers_chosen_over_what_another_chose(self, house, draft, at, client_for):
        page = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        path = f"/escritorio/procesos/{draft.code}/miembros/"
        people = list(draft.opening_members.values_list("user_id", "capacity"))
        mine = {"members": list(draft.opening_members.values_list("user__code", flat=True)), "threshold": "2"}
        seen = page.get(path).context["writing"].seen
        third = next(one for one in queries.people_who_may_open(draft) if one.user_id not in dict(people))
        told = {"actor": house.ana, "tender_id": draft.pk, "threshold": 2, "at": at}
        services.choose_opening_members(members=people[::-1], **told)
        assert page.get(path).context["writing"].seen == seen  # the same people, in whatever order
        services.choose_opening_members(members=[*people, (third.user_id, third.capacity)], **told)

        answer = page.post(path, {**mine, "visto": seen})

        assert answer.status_code == 422
        assert draft.opening_members.count() == len(people) + 1
        after = answer.context["writing"].seen
        assert house.ana.name in str(answer.context["form"].errors)
        assert page.post(path, {**mine, "visto": after}).status_code == 303


class TestQuestionsOfAnAddendum:
    def test_are_written_on_the_same_pages_and_change_nothing_until_it_is_published(
        self, house, published, at, client_for
    ):
        given.amendment(published, at)
        when = published.schedule["amendments_due"] - timedelta(hours=2)
        desk = f"/escritorio/procesos/{published.code}/cuestionario/"
        page = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        before = list(published.items.values_list("number", "title"))

        with clock.fixed(when):
            question = {"envelope": published.items.first().envelope, "kind": "text", "title": "¿Cuántas sedes?"}
            added = page.post(desk, question)
            number = len(before) + 1
            changed = page.post(f"{desk}{number}/", {**question, "title": "¿Cuántas sedes tiene?"})
            pasted = page.post(f"{desk}2/precios/", {"text": "Silla\t4\tunidad"})
            refused = page.post(f"{desk}2/precios/", {"text": "Silla\tmuchas\tunidad"})

        assert [answer.status_code for answer in (added, changed, pasted, refused)] == [303, 303, 303, 422]
        assert list(published.items.values_list("number", "title")) == before
        amendment = published.amendments.get()
        [(_title, rows)] = queries.rewritten(published, amendment)
        assert {after for _label, _before, after in rows} >= {"¿Cuántas sedes tiene?", "Silla · 4.0000 unidad"}

        services.publish_amendment(actor=given.signed(house.beto, when), tender_id=published.pk, at=when)
        assert published.items.get(number=number).title == "¿Cuántas sedes tiene?"
        assert list(published.price_lines.values_list("description", flat=True)) == ["Silla"]
