"""What can go wrong with keys and seals. None of it is a person's mistake, so none is a DomainError."""


class CannotOpen(Exception):
    """The seal does not open: another key, another place, changed bytes, or a version from the future."""


class KeyringError(Exception):
    """The keys cannot be used; the message is one line with the remedy."""


class UnknownKey(KeyringError):
    """Something is wrapped by a key that the keyring does not hold."""

    def __init__(self, kek_id: str) -> None:
        super().__init__(f"Key {kek_id} is not in the keyring. Put the keys that belong to this database back from their backup.")
        self.kek_id = kek_id
