from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "pliego.kernel"
    label = "kernel"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from pliego.kernel import integrity

        autodiscover_modules("states", "policy", "events", "reactions", "contents", "approvals")
        # The one signal of the house: after each migration the tables of states and the
        # append-only marks are written into the database as triggers.
        post_migrate.connect(integrity.install, sender=self)
