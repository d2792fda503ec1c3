"""Paths of the door. allauth looks some of them up by its own names, without namespace: they come second."""

from django.urls import include, path

from pliego.accounts import account_views, views

ours = [
    path("registro/", views.register, name="register"),
    path("registro/codigo/", views.register_code, name="register-code"),
    path("registro/segundo-factor/", views.second_factor, name="second-factor"),
    path("registro/segundo-factor/llave/", views.add_passkey, name="add-passkey"),
    path("registro/codigos/", views.recovery_codes, name="recovery-codes"),
    path("ingresar/llave/", views.sign_in_passkey, name="sign-in-passkey"),
    path("ingresar/codigo/llave/", views.sign_in_code_passkey, name="sign-in-code-passkey"),
    path("demo/entrar/<str:token>/", views.enter_by_practice_link, name="demo-sign-in"),
    path("recuperar/", account_views.recover, name="recover"),
    path("recuperar/<str:token>/", account_views.choose_password, name="choose-password"),
    path("cuenta/", account_views.home, name="home"),
    path("cuenta/sesiones/terminar/", account_views.end_sessions, name="end-sessions"),
    path("cuenta/confirmar/", account_views.step_up, name="step-up"),
    path("cuenta/clave/", account_views.change_password, name="change-password"),
    path("cuenta/factores/<int:factor_id>/quitar/", account_views.remove_factor, name="remove-factor"),
]
named_by_allauth = [
    path("registro/", views.register, name="account_signup"),
    path("ingresar/", views.sign_in, name="account_login"),
    path("ingresar/codigo/", views.sign_in_code, name="mfa_authenticate"),
    path("salir/", views.sign_out, name="account_logout"),
    path("recuperar/", account_views.recover, name="account_reset_password"),
    path("cuenta/confirmar/", account_views.step_up, name="account_reauthenticate"),
]
urlpatterns = [path("", include((ours, "accounts"))), path("", include(named_by_allauth))]
