import pytest

pytestmark = pytest.mark.django_db


class TestApi:
    def test_lists_the_methods_in_force(self, at, client):
        found = client.get("/api/v1/methods").json()

        assert {method["code"]: method["has_bidding"] for method in found}["contratacion_directa"] is False
        assert {method["code"]: method["has_bidding"] for method in found}["minima_cuantia"] is True

    def test_tells_everything_of_one(self, at, client):
        found = client.get("/api/v1/methods/minima_cuantia?version=2026-01").json()

        assert found["period"][0]["legal_basis"].startswith("Decreto 1082 de 2015")

    def test_proposes_a_schedule_with_its_reasons(self, at, client):
        found = client.get("/api/v1/methods/minima_cuantia/schedule?start=2026-03-02T09:00:00-05:00").json()

        closing = next(date for date in found["dates"] if date["milestone"] == "bids_due")
        assert closing["at"].startswith("2026-03-04T16:00:00")
        assert any("2.2.1.2.1.5.2" in reason for reason in closing["reasons"])
        assert len(found["warnings"]) == 1

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("rifa", "unknown_method"),
            ("minima_cuantia?version=1900", "unknown_method"),
            ("minima_cuantia/schedule?start=2026-03-02T09:00:00", "no_time_zone"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, at, client, path, code):
        sent = client.get(f"/api/v1/methods/{path}")

        assert (sent.status_code, sent.json()["errors"][0]["code"]) == (422, code)

    def test_tells_which_method_corresponds_with_the_article_and_the_ceilings(self, at, client):
        found = client.get(
            "/api/v1/method-choice?value=900000000&budget=20000000000&year=2026&uniform=true&framework_agreement=false"
        ).json()

        assert (found["method"], found["rule"], found["menor_ceiling"]) == ("subasta_inversa", "R5", "490253400")
        assert "mipyme" not in {warning["code"] for warning in found["warnings"]}

    @pytest.mark.parametrize(
        ("query", "code"),
        [("value=1&budget=1&year=1999", "unknown_year"), ("value=0&budget=1&year=2026", "not_positive")],
    )  # fmt: skip
    def test_refuses_to_guess_the_method(self, at, client, query, code):
        sent = client.get(f"/api/v1/method-choice?{query}")

        assert (sent.status_code, sent.json()["errors"][0]["code"]) == (422, code)

    def test_lists_every_method_in_force(self, at, client):
        found = {method["code"] for method in client.get("/api/v1/methods").json()}

        assert len(found) == 19
        assert {"minima_cuantia", "subasta_inversa"} <= found
