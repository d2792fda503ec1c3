from django.urls import URLPattern, URLResolver, path

from pliego.auctions import training_views, views
from pliego.auctions.section import TERMS
from pliego.conditions.views import page

app_name = "auctions"
ROOM = "procesos/<str:code>/subasta/"
ONE = f"{ROOM}<int:lot>/"
TRAINING = f"{ONE}prueba/<int:training>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"escritorio/procesos/<str:code>/{TERMS.path}", page(TERMS.code), name=TERMS.code + "_terms"),
    path(ROOM, views.auctions, name="auctions"),
    path(f"{ROOM}pruebas/", training_views.trainings, name="trainings"),
    path(f"{ROOM}pruebas/abrir/", training_views.open_one, name="open_training"),
    path(ONE, views.auction, name="auction"),
    path(f"{ONE}estado/", views.standing, name="standing"),
    path(f"{ONE}lances.csv", views.download, name="download"),
    path(f"{ONE}lance/", views.bid, name="bid"),
    path(TRAINING, views.auction, name="training_auction"),
    path(f"{TRAINING}estado/", views.standing, name="training_standing"),
    path(f"{TRAINING}lances.csv", views.download, name="training_download"),
    path(f"{TRAINING}lance/", views.bid, name="training_bid"),
    path(f"{TRAINING}<str:path>/", views.act, name="training_act"),
    path(f"{ONE}<str:path>/", views.act, name="act"),
]
