from django.urls import URLPattern, URLResolver, path

from pliego.awards import views

app_name = "awards"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/procesos/<str:code>/adjudicar/", views.decide, name="decide"),
    path("escritorio/procesos/<str:code>/desierto/", views.desert, name="desert"),
    path("escritorio/procesos/<str:code>/contratar/", views.directly, name="directly"),
]
