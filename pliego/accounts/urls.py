"""Paths of the door. allauth looks some of them up by its own names, without namespace: they come second."""

from django.urls import include, path

from pliego.accounts import (
    account_views,
    desk_views,
    home_views,
    oidc_views,
    password_views,
    reissue_views,
    standing_views,
    terms_views,
    views,
)

ours = [
    path("registro/", views.register, name="register"),
    path("registro/codigo/", views.register_code, name="register-code"),
    path("registro/segundo-factor/", views.second_factor, name="second-factor"),
    path("registro/segundo-factor/llave/", views.add_passkey, name="add-passkey"),
    path("registro/codigos/", views.recovery_codes, name="recovery-codes"),
    path("ingresar/llave/", views.sign_in_passkey, name="sign-in-passkey"),
    path("ingresar/codigo/llave/", views.sign_in_code_passkey, name="sign-in-code-passkey"),
    path("demo/entrar/<str:token>/", views.enter_by_practice_link, name="demo-sign-in"),
    path("recuperar/", password_views.recover, name="recover"),
    path("recuperar/<str:token>/", password_views.choose_password, name="choose-password"),
    path("no-fui-yo/<str:token>/", password_views.not_me, name="not-me"),
    path("dispositivo/<str:token>/", password_views.device, name="device"),
    path("terminos/", terms_views.read, name="terms"),
    path("terminos/<slug:version>/", terms_views.read, name="terms"),
    path("cuenta/", home_views.home, name="home"),
    path("cuenta/terminos/", terms_views.accept, name="accept-terms"),
    path("cuenta/historial.<str:form>", home_views.export, name="export-history"),
    path("cuenta/historial/<uuid:code>/no-fui-yo/", home_views.not_me, name="report-line"),
    path("cuenta/datos/", home_views.details, name="details"),
    path("cuenta/correo/", home_views.new_email, name="new-email"),
    path("cuenta/correo/codigo/", home_views.new_email_code, name="new-email-code"),
    path("cuenta/navegadores/<str:code>/olvidar/", home_views.forget_device, name="forget-device"),
    path("cuenta/sesiones/terminar/", account_views.end_sessions, name="end-sessions"),
    path("cuenta/confirmar/", account_views.step_up, name="step-up"),
    path("cuenta/clave/", password_views.change_password, name="change-password"),
    path("cuenta/factores/<int:factor_id>/quitar/", account_views.remove_factor, name="remove-factor"),
    path("mesa/accesos/", desk_views.cases, name="cases"),
    path("mesa/accesos/<str:code>/", desk_views.case, name="case"),
]
standing = [
    path("cuenta/firmar-con-otra/<str:code>/", standing_views.cosign, name="cosign"),
    path("cuenta/cerrar/", standing_views.close_user, name="close-user"),
    path("cuenta/suspensiones/<str:code>/", standing_views.suspension, name="suspension"),
    path("cuenta/suspensiones/<str:code>/recurso/", standing_views.appeal, name="appeal"),
    path("cuenta/suspensiones/<str:code>/pruebas/<str:document>/", standing_views.paper, name="suspension-paper"),
    path("mesa/personas/<str:code>/", standing_views.desk_person, name="desk-person"),
    path("mesa/suspensiones/", standing_views.suspensions, name="desk-suspensions"),
    path("mesa/suspensiones/nueva/", standing_views.open_suspension, name="open-suspension"),
    path("mesa/suspensiones/<str:code>/", standing_views.desk_suspension, name="desk-suspension"),
    path("mesa/suspensiones/<str:code>/aprobar/", standing_views.approve_suspension, name="approve-suspension"),
    path("mesa/suspensiones/<str:code>/rechazar/", standing_views.reject_suspension, name="reject-suspension"),
    path("mesa/suspensiones/<str:code>/levantar/", standing_views.lift_suspension, name="lift-suspension"),
    path("mesa/suspensiones/<str:code>/recursos/<int:number>/", standing_views.answer_appeal, name="answer-appeal"),
    path("mesa/uniones/", standing_views.mergers, name="desk-mergers"),
    path("mesa/uniones/nueva/", standing_views.open_merger, name="open-merger"),
    path("mesa/uniones/<str:code>/", standing_views.desk_merger, name="desk-merger"),
    path("mesa/uniones/<str:code>/aprobar/", standing_views.approve_merger, name="approve-merger"),
    path("mesa/uniones/<str:code>/rechazar/", standing_views.reject_merger, name="reject-merger"),
]
claimed = [
    path("cuenta/prueba-de-identidad/", standing_views.prove_claim, name="prove-claim"),
    path("mesa/personas/<str:code>/pruebas/<str:document>/", standing_views.claim_paper, name="claim-paper"),
]
linked = [
    path("ingresar/identidad/", oidc_views.sign_in, name="sign-in-oidc"),
    path("ingresar/identidad/volver/", oidc_views.come_back, name="oidc-return"),
    path("cuenta/identidad/", oidc_views.identity, name="identity"),
    path("cuenta/identidad/ir/", oidc_views.go_and_link, name="go-and-link"),
    path("cuenta/identidad/vincular/", oidc_views.link, name="link-identity"),
    path("cuenta/identidad/desvincular/", oidc_views.unlink, name="unlink-identity"),
]
reissues = [
    path("reposicion/", reissue_views.ask, name="ask-reissue"),
    path("reposicion/caso/<str:token>/", reissue_views.open_case, name="reissue-case"),
    path("reposicion/factor/<str:token>/", reissue_views.new_factor, name="reissue-factor"),
    path("cuenta/reposiciones/<str:code>/detener/", reissue_views.stop, name="stop-reissue"),
    path("mesa/reposiciones/", reissue_views.cases, name="desk-reissues"),
    path("mesa/reposiciones/<str:code>/", reissue_views.case, name="desk-reissue"),
    path("mesa/reposiciones/<str:code>/probar/", reissue_views.prove, name="prove-reissue"),
    path("mesa/reposiciones/<str:code>/confirmar/", reissue_views.confirm, name="confirm-reissue"),
    path("mesa/reposiciones/<str:code>/rechazar/", reissue_views.refuse, name="refuse-reissue"),
    path("mesa/reposiciones/<str:code>/pruebas/<str:document>/", reissue_views.paper, name="reissue-paper"),
]
named_by_allauth = [
    path("registro/", views.register, name="account_signup"),
    path("ingresar/", views.sign_in, name="account_login"),
    path("ingresar/codigo/", views.sign_in_code, name="mfa_authenticate"),
    path("salir/", views.sign_out, name="account_logout"),
    path("recuperar/", password_views.recover, name="account_reset_password"),
    path("cuenta/confirmar/", account_views.step_up, name="account_reauthenticate"),
]
urlpatterns = [
    path("", include(([*ours, *standing, *claimed, *linked, *reissues], "accounts"))),
    path("", include(named_by_allauth)),
]
