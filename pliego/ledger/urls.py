from django.urls import URLPattern, URLResolver, path

from pliego.ledger import views

app_name = "ledger"
urlpatterns: list[URLPattern | URLResolver] = [
    path("recibos/<slug:code>/", views.receipt, name="receipt"),
    path("recibos/<slug:code>.json", views.receipt_json, name="receipt_json"),
    path("recibos/<slug:code>.pdf", views.receipt_as_pdf, name="receipt_pdf"),
    path("verificar/", views.verify, name="verify"),
    path("verificar/descargar", views.verify_file, name="verify_file"),
    path("bitacora/", views.overview, name="log"),
    path("bitacora/llave", views.key, name="key"),
    path("bitacora/checkpoint", views.checkpoint, name="checkpoint"),
    path("bitacora/tile/<int:level>/<int:n>", views.tile, name="tile"),
    path("bitacora/tile/<int:level>/<int:n>.p/<int:width>", views.tile, name="partial_tile"),
    path("bitacora/entradas/", views.entries, name="entries"),
]
