"""What people say in these tests. Every body and every name carries a word that may turn up nowhere outside."""

CANARY = "kanarie7f3a9c"
NAME_CANARY = "Kanarienaam"


def words(text: str) -> str:
    """A body with the canary in it."""
    return f"{CANARY} {text}"
