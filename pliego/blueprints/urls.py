from django.urls import URLPattern, URLResolver, path

from pliego.blueprints import views

app_name = "blueprints"
ROOM = "escritorio/plantillas/"
ONE = f"{ROOM}<str:code>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.blueprints, name="blueprints"),
    path(f"{ROOM}importar/", views.bring, name="import"),
    path(ONE, views.blueprint, name="blueprint"),
    path(f"{ONE}editar/", views.revise, name="revise"),
    path(f"{ONE}retirar/", views.retire, name="retire"),
    path(f"{ONE}restaurar/", views.restore, name="restore"),
    path(f"{ONE}v<int:number>.json", views.download, name="file"),
    path("escritorio/procesos/<str:code>/plantilla/", views.save_as, name="save_as"),
]
