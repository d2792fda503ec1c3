from django.urls import URLPattern, URLResolver, path

from pliego.conditions import views
from pliego.conditions.contents import CONDITIONS

app_name = "conditions"
ONE = "escritorio/procesos/<str:code>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ONE + condition.path, views.page(condition.code), name=condition.code) for condition in CONDITIONS
]
urlpatterns.append(path("procesos/<str:code>/limitacion/", views.ask_limitation, name="ask_limitation"))
