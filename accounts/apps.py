from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Mensen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.staff_sign_in import sessions  # noqa: F401  # registers what it hears; it needs the models
