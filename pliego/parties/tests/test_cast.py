"""The worlds that other rooms' tests start from."""

import pytest

from pliego.parties.tests import given


@pytest.mark.django_db
class TestCast:
    def test_is_everybody_with_their_roles(self, at):
        cast = given.cast(at=at)

        assert cast.ana.roles == {"preparer", "evaluator"}
        assert cast.beto.roles == {"administrator", "approver"}
        assert cast.carla.account_id == cast.first_supplier.pk != cast.dario.account_id
        assert cast.ines.platform_roles == {"desk"}
        assert cast.fabio.account_id is None
        assert (cast.entity.state, cast.entity.name) == ("active", "ALCALDIA DE VALLE SERENO")
        assert given.cast(at=at).entity == cast.entity
