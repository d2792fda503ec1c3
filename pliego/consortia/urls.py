from django.urls import URLPattern, URLResolver, path

from pliego.consortia import views

app_name = "consortia"
urlpatterns: list[URLPattern | URLResolver] = [
    path("consorcios/", views.mine, name="mine"),
    path("consorcios/nuevo/", views.new, name="new"),
    path("consorcios/<str:code>/", views.show, name="group"),
    path("consorcios/<str:code>/miembros/", views.terms, name="terms"),
    path("consorcios/<str:code>/invitar/", views.send, name="send"),
    path("consorcios/<str:code>/responder/", views.answer, name="answer"),
    path("consorcios/<str:code>/descartar/", views.drop, name="drop"),
    path("consorcios/<str:code>/disolver/", views.dissolve, name="dissolve"),
]
