import pytest

from pliego.kernel.actors import Actor


@pytest.fixture
def ana():
    return Actor(user_id=101, user_code="ana", name="Ana", account_id=11, account_code="CTA1", is_buyer=True)


@pytest.fixture
def carla():
    return Actor(user_id=102, user_code="carla", name="Carla", account_id=12, account_code="CTA2", is_supplier=True)


@pytest.fixture
def ines():
    return Actor(user_id=103, user_code="ines", name="Ines", platform_roles=frozenset({"desk"}))
