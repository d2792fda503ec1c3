from django.apps import AppConfig


class AuctionsConfig(AppConfig):
    name = "pliego.auctions"
    label = "auctions"
