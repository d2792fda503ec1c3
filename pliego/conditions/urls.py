from django.urls import URLPattern, URLResolver, path

from pliego.conditions import views
from pliego.conditions.contents import CONDITIONS
from pliego.conditions.criteria import PRICE_DECIDES

app_name = "conditions"
ONE = "escritorio/procesos/<str:code>/"
urlpatterns: list[URLPattern | URLResolver] = [
    *(path(ONE + condition.path, views.page(condition.code), name=condition.code) for condition in CONDITIONS),
    path(ONE + PRICE_DECIDES.path, views.price_decides, name=PRICE_DECIDES.code),
    path("procesos/<str:code>/riesgos.<str:form>", views.risks_file, name="risks_file"),
    path("procesos/<str:code>/limitacion/solicitudes/", views.limitation_requests, name="limitation_requests"),
    path("procesos/<str:code>/limitacion/", views.ask_limitation, name="ask_limitation"),
]
