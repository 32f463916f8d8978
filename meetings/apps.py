from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Afspraken"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meetings import handlers  # noqa: F401  # importing registers them
