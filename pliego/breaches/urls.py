from django.urls import URLPattern, URLResolver, path

from pliego.breaches import views

app_name = "breaches"
ROOM = "escritorio/contratos/<str:code>/incumplimientos/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sanciones/", views.register, name="register"),
    path("garantes/<str:token>/", views.guarantor, name="guarantor"),
    path("garantes/<str:token>/<str:document>/", views.guarantor_paper, name="guarantor_paper"),
    path(ROOM, views.breaches, name="breaches"),
    path(f"{ROOM}informar/", views.report, name="report"),
    path(f"{ROOM}requerir/", views.demand, name="demand"),
    path(f"{ROOM}requerimientos/<int:number>/", views.answer, name="answer"),
    path(f"{ROOM}<int:number>/", views.breach, name="breach"),
    path(f"{ROOM}<int:number>/<slug:path>/", views.act, name="act"),
]
