from django.urls import URLPattern, URLResolver, path

from pliego.following import views

app_name = "following"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/siguiendo/", views.follows, name="list"),
    path("procesos/<str:code>/seguir/", views.follow, name="follow"),
    path("procesos/<str:code>/dejar-de-seguir/", views.unfollow, name="unfollow"),
    path("seguimientos/<str:secret>/", views.link, name="link"),
    path("seguimientos/<str:secret>/baja/", views.stop, name="stop"),
    path("seguimientos/<str:secret>/baja-diaria/", views.stop, {"daily": True}, name="stop-daily"),
]
