"""Which of several content types a request would have (RFC 9110 §12.5.1)."""

from collections.abc import Sequence


def chosen(accept: str, offered: Sequence[str]) -> str | None:
    """The best of what is offered, best first; with a mere wildcard the last, which everybody reads. None: nothing will do."""
    said = dict(_ranges(accept or "*/*"))
    named = [kind for kind in offered if said.get(kind, 0) > 0]
    if named:
        return max(named, key=lambda kind: (said[kind], -offered.index(kind)))
    family = offered[-1].partition("/")[0]
    wildcard = said.get(offered[-1], said.get(f"{family}/*", said.get("*/*", 0)))
    return offered[-1] if wildcard > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    return [(kind.strip().lower(), _weight(parameters)) for kind, _, parameters in (part.partition(";") for part in accept.split(","))]


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1
