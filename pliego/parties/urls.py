from django.urls import URLPattern, URLResolver, path

from pliego.parties import desk_views, people_views, views

app_name = "parties"
urlpatterns: list[URLPattern | URLResolver] = [
    path("cuenta/registros/", views.mine, name="mine"),
    path("cuenta/registros/<str:code>/", views.show, name="account"),
    path("actuar-por/", views.switch, name="switch"),
    path("entidades/registrar/", views.find_entity, name="find-entity"),
    path("entidades/registrar/datos/", views.register_entity, name="register-entity"),
    path("entidades/corregir/<str:code>/", views.correct_entity, name="correct-entity"),
    path("entidades/<str:number>/", views.public_entity, name="entity"),
    path("proveedores/registrar/", views.register_supplier, name="register-supplier"),
    path("proveedores/<str:number>/", views.public_supplier, name="supplier"),
    path("acceso/", views.find_account, name="find-account"),
    path("acceso/<str:code>/", views.request_access, name="request-access"),
    path("escritorio/equipo/", people_views.team, name="team"),
    path("escritorio/equipo/<str:person>/", people_views.person, name="person"),
    path("escritorio/equipo/<str:person>/rechazar/", people_views.reject, name="reject-access"),
    path("escritorio/equipo/<str:person>/revertir/", people_views.revert, name="revert-rejection"),
    path("escritorio/equipo/<str:person>/terminar/", people_views.end, name="end-access"),
    path("mesa/", desk_views.queue, name="desk-queue"),
    path("mesa/cuentas/<str:code>/", desk_views.account, name="desk-account"),
    path("mesa/cuentas/<str:code>/tomar/", desk_views.take, name="desk-take"),
    path("mesa/cuentas/<str:code>/activar/", desk_views.activate, name="desk-activate"),
    path("mesa/cuentas/<str:code>/devolver/", desk_views.give_back, name="desk-return"),
]
