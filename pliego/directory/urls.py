from django.urls import URLPattern, URLResolver, path

from pliego.directory import interest_views, invite_views, views

app_name = "directory"
urlpatterns: list[URLPattern | URLResolver] = [
    path("directorio/", views.directory, name="list"),
    path("directorio/<str:code>/", views.profile, name="profile"),
    path("escritorio/procesos/<str:code>/invitados/directorio/", invite_views.invite, name="invite"),
    path("escritorio/procesos/<str:code>/invitados/estado/", invite_views.invited, name="invited"),
    path("escritorio/invitar/<str:supplier>/", invite_views.invite_to, name="invite-to"),
    path("escritorio/intereses/", interest_views.interests, name="interests"),
    path("escritorio/intereses/nuevo/", interest_views.new, name="new-interest"),
    path("escritorio/intereses/<str:code>/", interest_views.change, name="interest"),
    path("escritorio/intereses/<str:code>/pausar/", interest_views.pause, name="pause-interest"),
    path("escritorio/intereses/<str:code>/reanudar/", interest_views.resume, name="resume-interest"),
    path("escritorio/intereses/<str:code>/borrar/", interest_views.delete, name="delete-interest"),
    path("intereses/<str:code>/procesos.atom", interest_views.feed, name="interest-feed"),
]
