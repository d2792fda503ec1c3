from django.urls import URLPattern, URLResolver, path

from pliego.bulk import views

app_name = "bulk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("cargas-masivas/<slug:slug>/", views.read, name="read"),
    path("cargas-masivas/archivos/<str:code>/", views.batch, name="batch"),
]
