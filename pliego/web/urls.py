from django.urls import URLPattern, URLResolver, path

from pliego.web import components, views

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("borradores/<path:key>/", views.draft, name="draft"),
    path("hora", views.hour, name="hour"),
    path("accesibilidad/", views.accessibility, name="accessibility"),
    path("privacidad/", views.privacy, name="privacy"),
    path("componentes/", components.components, name="components"),
    path("-/salud", views.health, name="health"),
]
