from django.urls import URLPattern, URLResolver, path

from pliego.planning import load_views, public_views, views

app_name = "planning"
ROOM = "escritorio/paa/"
ONE = f"{ROOM}<int:year>/"
LOAD = f"{ONE}cargas/<str:code>/"
PUBLIC = "paa/<str:code>/<int:year>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.plans, name="plans"),
    path(f"{ROOM}nuevo/", views.new, name="new"),
    path(ONE, views.plan, name="plan"),
    path(f"{ONE}datos/", views.header, name="header"),
    path(f"{ONE}lineas/nueva/", views.line, name="add_line"),
    path(f"{ONE}necesidades/nueva/", views.line, {"kind": "need"}, name="add_need"),
    path(f"{ONE}lineas/<int:number>/", views.line, name="line"),
    path(f"{ONE}lineas/<int:number>/tomar/", views.take, name="take"),
    path(f"{ONE}lineas/<int:number>/retirar/", views.drop, name="drop"),
    path(f"{ONE}plantilla.<str:form>", load_views.template, name="template"),
    path(f"{ONE}archivo/", load_views.send, name="send"),
    path(f"{ONE}pegar/", load_views.paste, name="paste"),
    path(LOAD, load_views.load, name="load"),
    path(f"{LOAD}avance/", load_views.progress, name="progress"),
    path(f"{LOAD}filas.<str:form>", load_views.mend, name="mend"),
    path(f"{ONE}equipo/", views.team, name="team"),
    path(f"{ONE}publicar/", views.publish, name="publish"),
    path(PUBLIC, public_views.public, name="public"),
    path(f"{PUBLIC}<int:version>/", public_views.public, name="version"),
]
