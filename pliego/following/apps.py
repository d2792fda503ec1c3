from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "pliego.following"
    label = "following"
