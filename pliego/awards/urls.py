from django.urls import URLPattern, URLResolver, path

from pliego.awards import lot_views, views

app_name = "awards"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/procesos/<str:code>/adjudicar/", views.decide, name="decide"),
    path("escritorio/procesos/<str:code>/desierto/", views.desert, name="desert"),
    path("escritorio/procesos/<str:code>/desierto/<int:lot>/", lot_views.desert_lot, name="desert_lot"),
    path("escritorio/procesos/<str:code>/adjudicar/lotes/", lot_views.lots, name="lots"),
    path("escritorio/procesos/<str:code>/adjudicar/lotes/decidir/", lot_views.award_lots, name="award_lots"),
    path("escritorio/procesos/<str:code>/contratar/", views.directly, name="directly"),
]
