from django.urls import URLPattern, URLResolver, path

from pliego.teams import views

app_name = "teams"
ROOM = "escritorio/cuenta/equipos/"
ONE = f"{ROOM}<str:code>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.teams, name="teams"),
    path(f"{ROOM}definir/<slug:scope>/", views.switch, name="switch"),
    path(f"{ROOM}nuevo/<slug:scope>/", views.new, name="new"),
    path(ONE, views.team, name="team"),
    path(f"{ONE}editar/", views.edit, name="edit"),
    path(f"{ONE}miembros/nuevo/", views.member, name="member-new"),
    path(f"{ONE}miembros/<str:who>/", views.member, name="member"),
    path(f"{ONE}miembros/<str:who>/retirar/", views.remove_member, name="member-out"),
    path(f"{ONE}flujos/<slug:flow>/", views.flow, name="flow"),
    path(f"{ONE}flujos/<slug:flow>/terminar/", views.end_flow, name="flow-end"),
]
