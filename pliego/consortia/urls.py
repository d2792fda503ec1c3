from django.urls import URLPattern, URLResolver

app_name = "consortia"
urlpatterns: list[URLPattern | URLResolver] = []
