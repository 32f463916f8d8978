"""The link in an invite's QR code."""

from django.conf import settings

from accounts import codes


def enrol_link(code: str, *, host: str = "http://127.0.0.1:8000") -> str:
    """Opens the page that enrols; the code stands after the #, which browsers keep to themselves."""
    return f"{(settings.MAATJE_PUBLIC_URL or host).rstrip('/')}/enrol#{codes.for_reading(code)}"
