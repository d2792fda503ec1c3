from django.urls import URLPattern, URLResolver, path

from pliego.workspace import views

app_name = "workspace"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("escritorio/", views.desk, name="desk"),
    path("escritorio/vencimientos/", views.deadlines, name="deadlines"),
    path("ayuda/", views.guides, name="guides"),
    path("ayuda/api/", views.api_reference, name="api"),
    path("ayuda/<slug:slug>/", views.guide, name="guide"),
    path("demo/", views.demo, name="demo"),
    path("mapa-del-sitio/", views.site_map, name="site-map"),
]
