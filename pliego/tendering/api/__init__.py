"""The electronic pliego over the API: the same services as the pages."""

from pliego.tendering.api import drafting, halting, open, publishing, stages
from pliego.tendering.api.router import router

__all__ = ["drafting", "halting", "open", "publishing", "router", "stages"]
