from django.urls import URLPattern, URLResolver, path

from pliego.web import views

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("borradores/<path:key>/", views.draft, name="draft"),
    path("hora", views.hour, name="hour"),
    path("-/salud", views.health, name="health"),
]
