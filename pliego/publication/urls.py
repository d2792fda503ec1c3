from django.urls import URLPattern, URLResolver, path

from pliego.publication import packages, views
from pliego.publication.plans import views as plans

app_name = "publication"
PLAN = "paa/<str:code>/<int:year>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("procesos/", views.processes, name="processes"),
    path("procesos/<str:identifier>/", views.process, name="process"),
    path("procesos/<str:code>/cronograma.ics", views.calendar, name="calendar"),
    path("procesos/<str:code>/actos.atom", views.acts_feed, name="acts_feed"),
    path("procesos/<str:code>/expediente.zip", views.expediente_zip, name="expediente"),
    path("contratos/<str:code>/", views.contract, name="contract"),
    path("contratos/<str:code>/expediente.zip", views.contract_zip, name="contract_zip"),
    path("escritorio/contratos/<str:code>/expediente.zip", views.own_contract_zip, name="own_contract_zip"),
    path("paa/", plans.plans, name="plans"),
    path(f"{PLAN}<int:version>/cambios/<int:before>/", plans.comparison, name="plan_comparison"),
    path(f"{PLAN}ejecucion/", plans.progress, name="plan_progress"),
    path(f"{PLAN}desviaciones/", plans.deviations, name="plan_deviations"),
    path("ocds/api/v1/releases", packages.releases, name="ocds_releases"),
    path("ocds/api/v1/releases/<str:release_id>", packages.release, name="ocds_release"),
    path("ocds/api/v1/records", packages.records, name="ocds_records"),
    path("ocds/api/v1/records/<str:ocid>", packages.record, name="ocds_record"),
]
