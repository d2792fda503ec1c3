from django.urls import URLPattern, URLResolver, path

from pliego.evaluation import asking_views, scoring_views, views

app_name = "evaluation"
DESK = "escritorio/procesos/<str:code>/evaluacion/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(DESK, views.evaluation, name="evaluation"),
    path(f"{DESK}ofertas/<str:bid>/", views.assess, name="assess"),
    path(f"{DESK}ofertas/<str:bid>/puntajes/", scoring_views.score, name="score"),
    path(f"{DESK}ofertas/<str:bid>/consenso/", scoring_views.agree, name="agree"),
    path(f"{DESK}ofertas/<str:bid>/requerir/", asking_views.ask, name="ask"),
    path(f"{DESK}requerimientos/<int:number>/", asking_views.decide, name="decide_request"),
    path(f"{DESK}tasa/", scoring_views.rate, name="rate"),
    path(f"{DESK}precios/", scoring_views.prices, name="prices"),
    path(f"{DESK}acuerdo/", scoring_views.agree_price, name="agree_price"),
    path(f"{DESK}informe/", views.report, name="report"),
    path(f"{DESK}llamar/", views.call, name="call"),
    path(f"{DESK}reabrir/", views.reopen, name="reopen"),
    path(f"{DESK}desempate/", views.tie, name="tie"),
    path(f"{DESK}observaciones/<int:number>/", views.answer, name="answer"),
    path("procesos/<str:code>/informe/", views.public, name="public"),
    path("procesos/<str:code>/informe/<int:number>/tabla.csv", scoring_views.table, name="table"),
    path("procesos/<str:code>/informe/<int:number>/recalcular.zip", scoring_views.program, name="program"),
    path("procesos/<str:code>/requerimientos/", asking_views.public, name="requests"),
    path("procesos/<str:code>/requerimientos/<int:number>/", asking_views.answer, name="answer_request"),
    path("procesos/<str:code>/informe/observar/", views.observe, name="observe"),
]
