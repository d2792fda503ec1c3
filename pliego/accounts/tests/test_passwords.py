"""Which passwords are refused, without asking anybody outside."""

import hashlib
import io

import pytest
from django.core.management import CommandError, call_command

from pliego.accounts import breached, rules
from pliego.accounts.tests import given

STOLEN = ["correo electronico viejo", "mi perro se llama toby", "Bogotá 2600 metros"]


@pytest.fixture
def listed(settings, tmp_path):
    settings.PLIEGO_BREACHED_PASSWORDS = str(tmp_path / "breached.bloom")
    return tmp_path / "list.txt"


def load(file, *options):
    said = io.StringIO()
    call_command("passwords", "load", str(file), *options, stdout=said)
    return said.getvalue()


class TestLoad:
    def test_reads_words_and_digests_with_and_without_their_count(self, listed):
        digests = [hashlib.sha1(word.encode()).hexdigest() for word in STOLEN]
        listed.write_text(f"{STOLEN[0]}\n{digests[1].upper()}:42\r\n{digests[2]}\n\n")

        said = load(listed)

        assert "3 passwords" in said
        assert all(word in breached.in_force() for word in STOLEN)
        assert "otra clave distinta" not in breached.in_force()

    def test_leaves_out_what_was_seen_seldom(self, listed):
        digests = [hashlib.sha1(word.encode()).hexdigest() for word in STOLEN]
        listed.write_text(f"{digests[0]}:1\n{digests[1]}:1000\n")

        load(listed, "--seen-at-least", "10")

        assert (STOLEN[0] in breached.in_force(), STOLEN[1] in breached.in_force()) == (False, True)

    def test_a_new_list_is_in_force_at_once(self, listed):
        listed.write_text(STOLEN[0])
        load(listed)
        assert STOLEN[1] not in breached.in_force()

        listed.write_text("\n".join(STOLEN))
        load(listed)

        assert STOLEN[1] in breached.in_force()

    def test_names_a_file_that_is_not_there(self, listed):
        with pytest.raises(CommandError, match="is not a file"):
            load(listed)

    def test_refuses_a_file_that_was_cut_short(self, listed, settings, tmp_path):
        listed.write_text("\n".join(STOLEN))
        load(listed)
        made = tmp_path / "breached.bloom"
        made.write_bytes(made.read_bytes()[:-3])

        with pytest.raises(ValueError, match="cut short"):
            breached.Breached(made)
        assert breached.in_force() is None
        assert "make it again" in breached.state()


class TestBreached:
    def test_forgets_none_and_takes_few_strangers_for_one(self, listed):
        listed.write_text("\n".join(f"clave{i}" for i in range(20_000)))
        load(listed)
        found = breached.in_force()

        assert all(f"clave{i}" in found for i in range(0, 20_000, 7))
        assert sum(f"otra{i}" in found for i in range(20_000)) <= 3  # 0.2 are to be expected
        assert found.shape.bits / 20_000 < 24.1

    def test_without_a_list_the_doctor_says_so(self, listed):
        assert "no list of breached ones" in breached.state()
        listed.write_text("x" * 20)
        load(listed)
        assert breached.state() == "1 breached passwords are refused"


class TestPassword:
    @pytest.mark.parametrize(
        "password",
        [
            "fabio de prueba",
            "fabio@pliego.example",
            "Secop-Colombia-2026",
            "pliegopliego1",
            "qwertyuiop123",
            STOLEN[1],
            STOLEN[1].upper(),
        ],
    )
    def test_is_refused_when_anybody_would_try_it(self, listed, db, password):
        listed.write_text("\n".join(STOLEN))
        load(listed)

        found = list(rules.password_is_weak(password, of=given.typed("fabio")))

        assert [objection.field for objection in found], password

    @pytest.mark.parametrize("password", ["x" * 12 + "yz" * 58, given.PASSWORD, "solo letras minusculas sin mas"])
    def test_needs_no_kinds_of_characters(self, listed, db, password):
        assert not list(rules.password_is_weak(password, of=given.typed("fabio")))
