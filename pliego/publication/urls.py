from django.urls import URLPattern, URLResolver, path

from pliego.publication import views

app_name = "publication"
urlpatterns: list[URLPattern | URLResolver] = [
    path("procesos/", views.processes, name="processes"),
    path("procesos/<str:identifier>/", views.process, name="process"),
]
