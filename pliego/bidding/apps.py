from django.apps import AppConfig


class BiddingConfig(AppConfig):
    name = "pliego.bidding"
    label = "bidding"
