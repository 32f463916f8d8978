"""What allauth asks of us: who may sign in, how passwords are kept, and how second factors are."""

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.actions import passwords
from accounts.addresses import client_address
from accounts.models import Person
from accounts.staff_sign_in.door import is_present_staff, start_of
from accounts.staff_sign_in.passkeys import relying_party
from core import clock
from privacy.secrets import open_secret, seal_secret

_PURPOSE = "second factor"


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Let present staff in with their password, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Person, **context: Any) -> HttpResponse | None:
        if not is_present_staff(user) or has_waited_too_long(user):
            refusal: HttpResponse = self.respond_user_inactive(request, user)
            return refusal
        answer: HttpResponse | None = super().pre_login(request, user, **context)
        return answer

    def set_password(self, user: Person, password: str) -> None:
        passwords.choose(person=user, password=password, now=clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return start_of(request.user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Counts failed passwords on the same address as we count invite codes."""
        return client_address(
            remote=request.META.get("REMOTE_ADDR") or "",
            forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
            trusted_proxies=settings.MAATJE_TRUSTED_PROXIES,
        )


def has_waited_too_long(user: Person) -> bool:
    """A password that somebody else made works for some days only."""
    return user.password_until is not None and user.password_until <= clock.now()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Seeds and recovery codes are stored sealed; a copied database is no second factor."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text, purpose=_PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": relying_party(), "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        """What a passkey is called until its owner says otherwise."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def build_totp_svg(self, url: str) -> str:
        """Drawn as our invites are, on white, so that a phone can read it off a dark page."""
        drawing = BytesIO()
        segno.make(url, micro=False).save(drawing, kind="svg", scale=6, xmldecl=False, light="#fff")
        return drawing.getvalue().decode()
