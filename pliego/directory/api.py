from pliego.web.api import Router

router = Router(tags=["directory"])
