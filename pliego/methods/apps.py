from django.apps import AppConfig


class MethodsConfig(AppConfig):
    name = "pliego.methods"
    label = "methods"

    def ready(self) -> None:
        from pliego.methods import catalogue, choosing

        catalogue.every()
        choosing.table()  # a faulty file must stop the start, not the first process that meets it
