from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Berichten"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications import following, handlers, metrics, outfit  # noqa: F401  # importing registers what they hear, show and check
