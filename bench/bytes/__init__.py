"""`python -m bench bytes`: what a message, a visit, an hour, the app and a month cost in bytes."""
