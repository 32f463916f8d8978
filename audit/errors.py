"""What the audit log refuses. None of it is a person's mistake, so none is a DomainError."""


class NotInTransaction(RuntimeError):
    """An audit row is written in the transaction of what it records, or not at all."""


class BadSignedHeads(Exception):
    """The signed heads cannot be trusted or read; the message says where and why."""
