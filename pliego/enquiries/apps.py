from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "pliego.enquiries"
    label = "enquiries"
