from django.urls import URLPattern, URLResolver, path

from pliego.tendering.views import (
    asked,
    choosing,
    desk,
    halting,
    opened,
    planned,
    pricing,
    publishing,
    questionnaire,
    sections,
    stages,
)

app_name = "tendering"
ROOM = "escritorio/procesos/"
ONE = f"{ROOM}<str:code>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, desk.tenders, name="tenders"),
    path(f"{ROOM}nuevo/", desk.new, name="new"),
    path(f"{ROOM}modalidad/", choosing.choose, name="choose_method"),
    path(ONE, desk.hub, name="hub"),
    # sections of the pliego
    path(f"{ONE}datos/", sections.general, name="general"),
    path(f"{ONE}equipo/", sections.team, name="team"),
    path(f"{ONE}presencia/<str:part>/", sections.presence, name="presence"),
    path(f"{ONE}paa/", planned.plan_line, name="plan_line"),
    path(f"{ONE}cronograma/", sections.schedule, name="schedule"),
    path(f"{ONE}miembros/", sections.opening, name="opening"),
    path(f"{ONE}documentos/", sections.documents, name="documents"),
    path(f"{ONE}documentos/<str:document>/retirar/", sections.remove_document, name="remove_document"),
    path(f"{ONE}invitados/", sections.invitation, name="invitation"),
    path(f"{ONE}invitados/<str:supplier>/retirar/", sections.withdraw_invitation, name="withdraw_invitation"),
    path(f"{ONE}cuestionario/", questionnaire.items, name="questionnaire"),
    path(f"{ONE}cuestionario/<int:number>/", questionnaire.item, name="item"),
    path(f"{ONE}cuestionario/<int:number>/retirar/", questionnaire.remove, name="remove_item"),
    path(f"{ONE}cuestionario/<int:number>/subir/", questionnaire.arrange, {"how": "up"}, name="item_up"),
    path(f"{ONE}cuestionario/<int:number>/bajar/", questionnaire.arrange, {"how": "down"}, name="item_down"),
    path(f"{ONE}cuestionario/<int:number>/duplicar/", questionnaire.arrange, {"how": "copy"}, name="item_copy"),
    path(f"{ONE}cuestionario/<int:number>/precios/", pricing.price_list, name="price_list"),
    path(f"{ONE}cuestionario/<int:number>/precios/archivo/", pricing.price_load, name="price_load"),
    path(f"{ONE}cuestionario/<int:number>/precios/errores.csv", pricing.faults, name="price_faults"),
    path(f"{ONE}cuestionario/<int:number>/precios.<str:form>", pricing.download, name="price_file"),
    # acts
    path(f"{ONE}enviar/", publishing.submit, name="submit"),
    path(f"{ONE}publicar/", publishing.publish, name="publish"),
    path(f"{ONE}devolver/", publishing.give_back, name="return"),
    path(f"{ONE}descartar/", publishing.discard, name="discard"),
    path(f"{ONE}cancelar/", publishing.cancel, name="cancel"),
    path(f"{ONE}suspender/", halting.suspend, name="suspend"),
    path(f"{ONE}reanudar/", halting.resume, name="resume"),
    path(f"{ONE}revocar/", halting.revoke, name="revoke"),
    path(f"{ONE}corregir/", halting.correct, name="correct"),
    path(f"{ONE}adenda/", opened.amendment, name="amendment"),
    path(f"{ONE}adenda/escribir/", opened.write_amendment, name="write_amendment"),
    path(f"{ONE}adenda/documento/", opened.add_to_amendment, name="add_to_amendment"),
    path(f"{ONE}adenda/descartar/", opened.discard_amendment, name="discard_amendment"),
    path(f"{ONE}interesados/", stages.interested, name="interested"),
    path(f"{ONE}sorteo/", stages.hold_draw, name="draw"),
    path(f"{ONE}concluir/", stages.conclude, name="conclude"),
    # suppliers
    path("oportunidades/", desk.opportunities, name="opportunities"),
    # everybody
    path("procesos/<str:code>/cuestionario/", asked.questions, name="questions"),
    path("procesos/<str:code>/cuestionario/<int:number>/", asked.lines, name="lines"),
    path("procesos/<str:code>/cuestionario/<int:number>/precios.<str:form>", asked.download, name="lines_file"),
    path("procesos/<str:code>/interes/", stages.express_interest, name="express_interest"),
]
