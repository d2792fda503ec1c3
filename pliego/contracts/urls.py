from django.urls import URLPattern, URLResolver, path

from pliego.contracts import modification_views, version_views, views
from pliego.contracts.insurers import views as insurers
from pliego.contracts.loading import views as loading
from pliego.contracts.sections import views as sections
from pliego.contracts.starting import views as starting

app_name = "contracts"
MODIFICATIONS = "escritorio/contratos/<str:code>/modificaciones/"
ONE = f"{MODIFICATIONS}<int:number>/"
LOADS = "escritorio/procesos/<str:code>/contratos/"
LOAD = f"{LOADS}cargas/<str:load>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{LOADS}cargar/", loading.send, name="load_contracts"),
    path(f"{LOADS}plantilla.<str:form>", loading.template, name="load_template"),
    path(LOAD, loading.show, name="load"),
    path(f"{LOAD}avance/", loading.progress, name="load_progress"),
    path(f"{LOAD}errores.<str:form>", loading.mend, name="load_mend"),
    path("escritorio/contratos/", views.contracts, name="contracts"),
    path("escritorio/contratos/<str:code>/texto.pdf", views.preview, name="preview"),
    path("escritorio/contratos/<str:code>/editar/", sections.hub, name="edit"),
    path("escritorio/contratos/<str:code>/secciones/<slug:path>/", sections.section, name="section"),
    path("escritorio/contratos/<str:code>/anexos/nuevo/", sections.annex, name="annex"),
    path("escritorio/contratos/<str:code>/anexos/<int:number>/quitar/", sections.remove_annex, name="remove_annex"),
    path("escritorio/contratos/<str:code>/documentos/nuevo/", sections.bring, name="bring_paper"),
    path("escritorio/contratos/<str:code>/enviar/", views.send, name="send"),
    path("escritorio/contratos/<str:code>/aceptar/", views.accept, name="accept"),
    path("escritorio/contratos/<str:code>/rechazar/", views.reject, name="reject"),
    path("escritorio/contratos/<str:code>/modificar/", views.rework, name="rework"),
    path("escritorio/contratos/<str:code>/firmar/", views.sign, name="sign"),
    path("escritorio/contratos/<str:code>/iniciar/", views.start, name="start"),
    path("escritorio/contratos/<str:code>/terminar/", views.complete, name="complete"),
    path("escritorio/contratos/<str:code>/garantias/nueva/", views.submit_guarantee, name="submit_guarantee"),
    path("escritorio/contratos/<str:code>/acta-de-inicio/", starting.draw, name="draw_start"),
    path("escritorio/contratos/<str:code>/acta-de-inicio/firmar/", starting.sign, name="sign_start"),
    path("escritorio/contratos/<str:code>/acta-de-inicio/aceptar/", starting.accept, name="accept_start"),
    path("escritorio/contratos/<str:code>/acta-de-inicio/objetar/", starting.refuse, name="object_start"),
    path("escritorio/contratos/<str:code>/garantias/<int:number>/aseguradora/", insurers.ask, name="ask_insurer"),
    path("garantias/<str:token>/", insurers.insurer, name="insurer"),
    path(
        "escritorio/contratos/<str:code>/garantias/<int:number>/aprobar/",
        views.approve_guarantee,
        name="approve_guarantee",
    ),
    path(
        "escritorio/contratos/<str:code>/garantias/<int:number>/rechazar/",
        views.reject_guarantee,
        name="reject_guarantee",
    ),
    path("contratos/<str:code>/versiones/", version_views.versions, name="versions"),
    path(f"{MODIFICATIONS}nueva/", modification_views.new, name="modify"),
    path(ONE, modification_views.modification, name="modification"),
    path(f"{ONE}editar/", modification_views.edit, name="edit_modification"),
    path(f"{ONE}enviar/", modification_views.send, name="send_modification"),
    path(f"{ONE}aceptar/", modification_views.accept, name="accept_modification"),
    path(f"{ONE}asumir/", modification_views.take_over, name="take_over"),
    path(f"{ONE}rechazar/", modification_views.reject, name="reject_modification"),
    path(f"{ONE}devolver/", modification_views.rework, name="rework_modification"),
    path(f"{ONE}descartar/", modification_views.discard, name="discard_modification"),
    path(f"{ONE}publicar/", modification_views.publish, name="publish_modification"),
]
