from django.urls import URLPattern, URLResolver, path

from pliego.hearings import views

app_name = "hearings"
ROOM = "procesos/<str:code>/audiencias/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.hearings, name="hearings"),
    path(f"{ROOM}<int:number>/", views.hearing, name="hearing"),
    path("procesos/<str:code>/audiencias/<int:number>.<str:form>", views.download, name="download"),
    path(f"escritorio/{ROOM}convocar/<slug:occasion>/", views.convene, name="convene"),
    path(f"{ROOM}<int:number>/<slug:path>/", views.act, name="act"),
    path(f"{ROOM}<int:number>/intervenciones/<int:intervention>/", views.answer, name="answer"),
    path(f"{ROOM}<int:number>/asistentes/<int:attendance>/retiro/", views.leave, name="leave"),
]
