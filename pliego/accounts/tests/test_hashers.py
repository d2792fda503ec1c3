from pliego.accounts.hashers import Argon2id


class TestArgon2id:
    def test_costs_what_owasp_asks_and_no_more(self):
        encoded = Argon2id().encode("una clave de prueba", "sal-de-prueba")

        assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
