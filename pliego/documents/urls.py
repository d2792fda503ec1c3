from django.urls import URLPattern, URLResolver, path

from pliego.documents import views

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("documentos/tipos.json", views.types, name="types"),
    path("documentos/<str:code>/", views.download, name="download"),
    path("documentos/<str:code>/ficha/", views.card, name="card"),
    path("cargas/", views.uploads, name="uploads"),
    path("cargas/<str:code>", views.uploads, name="upload"),
]
