"""The rules of the house that a decision rests on: codes here, sentences in `words` of whoever shows them."""

CLAUSES: dict[str, dict[str, str]] = {}
