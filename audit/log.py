"""Read the audit log while others go on writing; it holds no lock, since rows that are there never change."""

from collections.abc import Iterator, Mapping

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from audit.chain import BEFORE_THE_FIRST, Broken, Head, first_broken
from audit.models import AuditHead, AuditRow

ROWS_AT_A_TIME = 2_000


def current_head() -> Head:
    """The end of the chain now."""
    head = AuditHead.objects.filter(id=1).first()
    return Head(head.n, bytes(head.hash)) if head else Head(0, BEFORE_THE_FIRST)


def verify(*, signed: Mapping[int, bytes]) -> tuple[int, Broken | None]:
    """Walk the log up to where it reaches now: (its length, the first row that is wrong or None).

    `signed` must be read before this is called, or an honest head signed meanwhile looks like a missing row.
    """
    head = current_head()
    return head.n, first_broken(_rows(up_to=head.n), head=head, signed=signed) or _beside_the_head()


def _rows(*, up_to: int) -> Iterator[AuditRow]:
    last = -(2**63)
    while page := list(AuditRow.objects.filter(n__gt=last, n__lte=up_to).order_by("n")[:ROWS_AT_A_TIME]):
        yield from page
        last = page[-1].n


def _beside_the_head() -> Broken | None:
    """One statement, hence one moment: a row past the head was not written by us."""
    head = Coalesce(Subquery(AuditHead.objects.filter(id=1).values("n")), Value(0))
    n = AuditRow.objects.filter(n__gt=head).order_by("n").values_list("n", flat=True).first()
    return None if n is None else Broken(n, "was not written through the head of the log")
