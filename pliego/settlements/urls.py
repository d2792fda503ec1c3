from django.urls import URLPattern, URLResolver, path

from pliego.settlements import views

app_name = "settlements"
ROOM = "escritorio/contratos/<str:code>/liquidacion/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{ROOM}cierre/", views.ending, name="ending"),
    path(f"{ROOM}unilateral/", views.draft, name="draft"),
    path(f"{ROOM}unilateral/firmar/", views.issue, name="issue"),
    path(f"{ROOM}unilateral/recurrir/", views.appeal, name="appeal"),
    path(f"{ROOM}unilateral/resolver/", views.resolve, name="resolve"),
    path(f"{ROOM}unilateral/en-firme/", views.settle, name="settle"),
    path(f"{ROOM}judicial/", views.ruling, name="ruling"),
]
