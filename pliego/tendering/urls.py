from django.urls import URLPattern, URLResolver

app_name = "tendering"
urlpatterns: list[URLPattern | URLResolver] = []
