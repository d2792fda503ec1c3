"""The electronic pliego over the API: the same services as the pages."""

from pliego.tendering.api import drafting, open, publishing, stages
from pliego.tendering.api.router import router

__all__ = ["drafting", "open", "publishing", "router", "stages"]
