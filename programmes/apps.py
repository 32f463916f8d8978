from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Organisaties en kringen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from programmes import handlers  # noqa: F401  # registers what it hears
