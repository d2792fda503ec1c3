from django.urls import URLPattern, URLResolver, path, re_path

from pliego.bidding import exchange, opening_pages, views

app_name = "bidding"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ofertas/", views.own_bids, name="own_bids"),
    re_path(r"^ofertas/partes/(?P<sha256>[0-9a-f]{64})$", exchange.part, name="part"),
    path("ofertas/partes/faltan", exchange.missing, name="missing"),
    path("ofertas/<str:code>/", views.offer, name="offer"),
    path("ofertas/<str:code>/preparar/", views.prepare, name="prepare"),
    path("ofertas/<str:code>/archivo/", views.present_file, name="present_file"),
    path("ofertas/<str:code>/confirmar/", views.confirm, name="confirm"),
    path("ofertas/<str:code>/retirar/", views.withdraw, name="withdraw"),
    path("ofertas/<str:code>/proceso.json", exchange.process, name="process"),
    path("ofertas/<str:code>/borrador", exchange.draft, name="draft"),
    path("procesos/<str:code>/oferentes/", views.bidders, name="bidders"),
    path("procesos/<str:code>/oferentes.<str:form>", views.answers_file, name="answers_file"),
    path("procesos/<str:code>/oferentes/<str:bid>/", views.bid_answers, name="answers"),
    path("procesos/<str:code>/oferentes/<str:bid>/precios/<int:number>/", views.bid_prices, name="prices"),
    path("procesos/<str:code>/apertura/", opening_pages.watch, name="watch"),
    path("procesos/<str:code>/apertura/<str:bid>/", opening_pages.open_again, name="open_again"),
    path(
        "procesos/<str:code>/apertura/<str:bid>/<slug:recipient>/<str:name>",
        opening_pages.sealed_file,
        name="sealed_file",
    ),
    path("escritorio/llaves/", views.keys, name="keys"),
    path("escritorio/llaves/reto", exchange.challenge, name="challenge"),
    path("escritorio/procesos/<str:code>/reservas/", opening_pages.reserves, name="reserves"),
    path("escritorio/procesos/<str:code>/reservas/<int:number>/", opening_pages.decide, name="decide_reserve"),
    path("escritorio/procesos/<str:code>/apertura/", views.opening_room, name="opening"),
    path("escritorio/procesos/<str:code>/apertura/ensayo/", opening_pages.rehearse, name="rehearse"),
    path("escritorio/procesos/<str:code>/apertura/llave-perdida/", opening_pages.lost_key, name="lost_key"),
    path("escritorio/procesos/<str:code>/apertura/reemplazar-llave/", opening_pages.replace_key, name="replace_key"),
    path("escritorio/procesos/<str:code>/apertura/cerraduras.json", exchange.locks, name="locks"),
    path("escritorio/procesos/<str:code>/apertura/cerrar/", views.close, name="close"),
    path("escritorio/procesos/<str:code>/apertura/acta/<slug:moment>/", opening_pages.record, name="record"),
    path("escritorio/procesos/<str:code>/apertura/abrir/", views.open_offers, name="open"),
    path("escritorio/procesos/<str:code>/apertura/abrir/<slug:moment>/", views.open_offers, name="open_at"),
]
