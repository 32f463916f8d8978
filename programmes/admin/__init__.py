"""The back office for organisations and circles. Coordinators see their own organisation's people and their own circles."""

from programmes.admin import circles, organisations, people  # noqa: F401  # registers them
