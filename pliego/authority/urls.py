from django.urls import URLPattern, URLResolver, path

from pliego.authority import account_views, approval_views, views

app_name = "authority"
ROOM, ACT = "escritorio/cuenta/", "escritorio/aprobaciones/<str:kind>/<str:subject>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOM, views.configuration, name="menu"),
    path(f"{ROOM}perfiles/", views.profiles, name="profiles"),
    path(f"{ROOM}perfiles/nuevo/", views.profile, name="profile-new"),
    path(f"{ROOM}perfiles/<str:code>/", views.profile, name="profile"),
    path(f"{ROOM}perfiles/<str:code>/eliminar/", views.delete_profile, name="profile-delete"),
    path(f"{ROOM}grupos/", views.groups, name="groups"),
    path(f"{ROOM}grupos/nuevo/", views.group, name="group-new"),
    path(f"{ROOM}grupos/<str:code>/", views.group, name="group"),
    path(f"{ROOM}unidades/", views.units, name="units"),
    path(f"{ROOM}unidades/nueva/", views.unit, name="unit-new"),
    path(f"{ROOM}unidades/<str:reference>/", views.unit, name="unit"),
    path(f"{ROOM}flujos/", views.flows, name="flows"),
    path(f"{ROOM}flujos/<str:kind>/", views.flow, name="flow"),
    path(f"{ROOM}flujos/<str:kind>/terminar/", views.end_flow, name="flow-end"),
    path(f"{ROOM}segregacion/", views.segregation_rules, name="segregation"),
    path(f"{ROOM}delegaciones/", account_views.delegations, name="delegations"),
    path(f"{ROOM}delegaciones/nueva/", account_views.delegate, name="delegation-new"),
    path(f"{ROOM}delegaciones/usar/", account_views.take_up, name="delegation-use"),
    path(f"{ROOM}delegaciones/dejar/", account_views.put_down, name="delegation-stop"),
    path(f"{ROOM}delegaciones/<str:code>/revocar/", account_views.revoke, name="delegation-revoke"),
    path(f"{ROOM}permisos/", account_views.who_could, name="history"),
    path(f"{ROOM}avisos/", account_views.notices, name="notices"),
    path(f"{ROOM}biblioteca/", account_views.documents, name="library"),
    path(f"{ROOM}biblioteca/nuevo/", account_views.add_document, name="library-new"),
    path(f"{ROOM}biblioteca/<str:code>/retirar/", account_views.retire_document, name="library-retire"),
    path(ACT, approval_views.approval, name="approval"),
    path(f"{ACT}pedir/", approval_views.start, name="approval-start"),
    path(f"{ACT}aprobar/", approval_views.decide, {"decision": "approve"}, name="approval-approve"),
    path(f"{ACT}devolver/", approval_views.decide, {"decision": "return"}, name="approval-return"),
    path(f"{ACT}cancelar/", approval_views.decide, {"decision": "cancel"}, name="approval-cancel"),
]
