"""What the audit log refuses. These are programming mistakes, so none is a DomainError."""


class NotInTransaction(RuntimeError):
    """An audit row is written in the transaction of what it records, or not at all."""
