from django.urls import URLPattern, URLResolver, path

from pliego.evaluation import views

app_name = "evaluation"
DESK = "escritorio/procesos/<str:code>/evaluacion/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(DESK, views.evaluation, name="evaluation"),
    path(f"{DESK}ofertas/<str:bid>/", views.assess, name="assess"),
    path(f"{DESK}informe/", views.report, name="report"),
    path(f"{DESK}llamar/", views.call, name="call"),
    path(f"{DESK}reabrir/", views.reopen, name="reopen"),
    path(f"{DESK}desempate/", views.tie, name="tie"),
    path(f"{DESK}observaciones/<int:number>/", views.answer, name="answer"),
    path("procesos/<str:code>/informe/", views.public, name="public"),
    path("procesos/<str:code>/informe/observar/", views.observe, name="observe"),
]
