from django.apps import AppConfig

from backend.starting import started


class BackendConfig(AppConfig):
    name = "backend"

    def ready(self) -> None:
        from backend import housekeeping  # noqa: F401  # importing registers what workers do

        started()
