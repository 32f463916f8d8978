"""Forms of allauth that we change."""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt, encrypt

from privacy.errors import CannotOpen


class ChoosePasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth is not typed
    """Who replaces a first password gave it a moment ago, and is not asked again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user.password_until is not None:
            del self.fields["oldpassword"]


class SealedActivateTOTPForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth is not typed
    """The seed waits for its first code in the session, which is a row too: there it is sealed as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.secret: str = _opened(self.secret)
        context.request.session[SECRET_SESSION_KEY] = encrypt(self.secret)


def _opened(secret: str) -> str:
    """What the session held is sealed; a seed that allauth made just now is not."""
    try:
        return str(decrypt(secret))
    except CannotOpen:
        return secret
