from django.urls import URLPattern, URLResolver, path

from pliego.siif import views

app_name = "siif"
ROOM = "escritorio/cuenta/siif/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.documents, name="documents"),
    path(f"{ROOM}documentos.csv", views.download, name="download"),
    path(f"{ROOM}cargar/", views.load_list, name="load_list"),
    path(f"{ROOM}cargas/<str:code>/", views.load, name="load"),
    path("escritorio/contratos/<str:code>/siif/", views.consult, name="consult"),
]
