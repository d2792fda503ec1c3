from django.urls import URLPattern, URLResolver, path

from pliego.conditions.views import page

app_name = "auctions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/procesos/<str:code>/subasta/terminos/", page("auction"), name="auction_terms"),
    path("procesos/<str:code>/subasta/<int:lot>/", page("auction"), name="auction"),
]
