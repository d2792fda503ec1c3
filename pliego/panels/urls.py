from django.urls import URLPattern, URLResolver, path

from pliego.panels import views

app_name = "panels"
DESK = "escritorio/procesos/<str:code>/evaluadores/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("procesos/<str:code>/evaluadores/", views.panel, name="panel"),
    path("procesos/<str:code>/evaluadores/<int:number>/recusar/", views.recuse, name="recuse"),
    path(f"{DESK}nombrar/", views.appoint, name="appoint"),
    path(f"{DESK}declarar/", views.declare, name="declare"),
    path(f"{DESK}<int:number>/relevar/", views.relieve, name="relieve"),
    path(f"{DESK}impedimentos/<int:number>/", views.decide, name="decide"),
    path(f"{DESK}impedimentos/<int:number>/responder/", views.answer, name="answer"),
    path("evaluadores/<str:token>/", views.outside, name="outside"),
]
