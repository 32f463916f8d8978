"""Which page the server serves. The app that serves it says so (`web`, above us); devices that run another one are told."""

_version = ""


def announce(version: str) -> None:
    global _version
    _version = version


def version() -> str:
    """Empty when nobody serves a page here."""
    return _version
