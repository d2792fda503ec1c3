from django.urls import URLPattern, URLResolver, path

from pliego.planning import views

app_name = "planning"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/paa/", views.plans, name="plans"),
    path("escritorio/paa/nuevo/", views.new, name="new"),
    path("escritorio/paa/<int:year>/", views.plan, name="plan"),
    path("escritorio/paa/<int:year>/datos/", views.header, name="header"),
    path("escritorio/paa/<int:year>/lineas/nueva/", views.line, name="add_line"),
    path("escritorio/paa/<int:year>/lineas/<int:number>/", views.line, name="line"),
    path("escritorio/paa/<int:year>/lineas/<int:number>/retirar/", views.drop, name="drop"),
    path("escritorio/paa/<int:year>/equipo/", views.team, name="team"),
    path("escritorio/paa/<int:year>/publicar/", views.publish, name="publish"),
    path("paa/<str:code>/<int:year>/", views.public, name="public"),
    path("paa/<str:code>/<int:year>/<int:version>/", views.public, name="version"),
]
