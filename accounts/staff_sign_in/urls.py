"""The pages of allauth that we offer. Nobody signs up, resets a password by mail or keeps an e-mail address here."""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path

from accounts.staff_sign_in.factors import changes_factors
from accounts.staff_sign_in.passkeys import where_passkeys_work
from accounts.staff_sign_in.referrer import View, says_where_from
from accounts.staff_sign_in.views import password_change, sessions, start


def _page(route: str, view: View, name: str) -> URLPattern:
    return path(route, says_where_from(view), name=name)


def _passkey_page(route: str, view: View, name: str) -> URLPattern:
    return _page(f"2fa/webauthn/{route}", where_passkeys_work(view), name)


urlpatterns = [
    _page("start/", start, "account_start"),
    _page("sessions/", sessions, "account_sessions"),
    _page("login/", views.login, "account_login"),
    _page("logout/", views.logout, "account_logout"),
    _page("inactive/", views.account_inactive, "account_inactive"),
    _page("reauthenticate/", views.reauthenticate, "account_reauthenticate"),
    _page("password/change/", password_change, "account_change_password"),
    _page("2fa/", second_factor.index, "mfa_index"),
    _page("2fa/authenticate/", second_factor.authenticate, "mfa_authenticate"),
    _page("2fa/reauthenticate/", second_factor.reauthenticate, "mfa_reauthenticate"),
    _page("2fa/totp/activate/", changes_factors(totp.activate_totp), "mfa_activate_totp"),
    _page("2fa/totp/deactivate/", changes_factors(totp.deactivate_totp), "mfa_deactivate_totp"),
    _page("2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _page("2fa/recovery-codes/generate/", changes_factors(recovery_codes.generate_recovery_codes), "mfa_generate_recovery_codes"),
    _page("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _passkey_page("", webauthn.list_webauthn, "mfa_list_webauthn"),
    _passkey_page("add/", changes_factors(webauthn.add_webauthn), "mfa_add_webauthn"),
    _passkey_page("reauthenticate/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _passkey_page("keys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    _passkey_page("keys/<int:pk>/remove/", changes_factors(webauthn.remove_webauthn), "mfa_remove_webauthn"),
]
