from django.urls import URLPattern, URLResolver, path

from pliego.notifications import views

app_name = "notifications"
urlpatterns: list[URLPattern | URLResolver] = [
    path("avisos/", views.inbox, name="inbox"),
    path("avisos/leidos/", views.read_all, name="read_all"),
    path("avisos/<slug:code>/", views.notice, name="notice"),
    path("demo/correo/", views.caught, name="caught"),
    path("demo/correo/<slug:name>/", views.caught_mail, name="caught_mail"),
]
