"""Do what a page asks for; a refusal becomes a sentence on that page, never an error page."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from accounts.back_office.words import problems_of, sentence_of
from core.errors import DomainError

T = TypeVar("T")


def tell(request: HttpRequest, what: Callable[[], object], done: str) -> bool:
    """Do something and say on the next page that it is done, or why it is not."""
    try:
        what()
    except DomainError as problem:
        messages.error(request, sentence_of(problem))
        return False
    messages.success(request, done)
    return True


def attempt(form: forms.Form, what: Callable[[], T]) -> T | None:
    """Do what a valid form asks for, or put what is wrong beside the field it is about."""
    try:
        return what()
    except DomainError as problem:
        found = problems_of(problem)
        for field, sentences in found.items():
            form.add_error(field if field in form.fields else None, list(sentences))
        if not found:
            form.add_error(None, sentence_of(problem))
    return None
