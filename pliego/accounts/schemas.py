"""Kinds of values that the API of this room shares."""

from typing import Annotated

from pydantic import StringConstraints

Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=256)]  # every character counts
