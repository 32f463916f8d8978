from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = "Moderatie"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from moderation import handlers, metrics  # noqa: F401  # importing registers what they hear and show
