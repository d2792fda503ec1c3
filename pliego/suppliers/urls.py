from django.urls import URLPattern, URLResolver, path

from pliego.suppliers import views

app_name = "suppliers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/perfil/", views.show, name="profile"),
    path("escritorio/perfil/datos/", views.data, name="data"),
    path("escritorio/perfil/experiencia/", views.experience, name="experience"),
    path("escritorio/perfil/experiencia/<int:number>/retirar/", views.withdraw, name="withdraw-experience"),
    path("escritorio/perfil/capacidad/", views.statement, name="statement"),
    path("escritorio/perfil/rup/", views.register, name="register"),
    path("escritorio/perfil/banco/", views.bank, name="bank"),
]
