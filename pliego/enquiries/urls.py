from django.urls import URLPattern, URLResolver, path

from pliego.enquiries import views

app_name = "enquiries"
ROOM = "escritorio/procesos/<str:code>/observaciones/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.enquiries, name="enquiries"),
    path(f"{ROOM}nueva/", views.explain, name="explain"),
    path(f"{ROOM}responder/", views.answer_several, name="answer_several"),
    path(f"{ROOM}<int:number>/", views.answer, name="answer"),
    path("procesos/<str:code>/preguntar/", views.ask, name="ask"),
    path("procesos/<str:code>/observaciones.<str:form>", views.download, name="download"),
]
