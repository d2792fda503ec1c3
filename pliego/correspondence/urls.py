from django.urls import URLPattern, URLResolver, path

from pliego.correspondence import views

app_name = "correspondence"
ROOM = "procesos/<str:code>/mensajes/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/mensajes/", views.inbox, name="inbox"),
    path("escritorio/procesos/<str:code>/mensajes/nuevo/", views.write, name="write"),
    path(ROOM, views.process, name="process"),
    path(f"{ROOM}nuevo/", views.ask, name="ask"),
    path(f"{ROOM}<int:number>/", views.message, name="message"),
    path("procesos/<str:code>/casos/<int:number>/", views.case, name="case"),
    path("procesos/<str:code>/mensajes.<str:form>", views.download, name="download"),
]
