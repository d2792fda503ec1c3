from django.urls import URLPattern, URLResolver, path

from pliego.auctions import views
from pliego.auctions.section import TERMS
from pliego.conditions.views import page

app_name = "auctions"
ROOM = "procesos/<str:code>/subasta/"
ONE = f"{ROOM}<int:lot>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"escritorio/procesos/<str:code>/{TERMS.path}", page(TERMS.code), name=TERMS.code + "_terms"),
    path(ROOM, views.auctions, name="auctions"),
    path(ONE, views.auction, name="auction"),
    path(f"{ONE}estado/", views.standing, name="standing"),
    path(f"{ONE}lances.csv", views.download, name="download"),
    path(f"{ONE}lance/", views.bid, name="bid"),
    path(f"{ONE}<str:path>/", views.act, name="act"),
]
