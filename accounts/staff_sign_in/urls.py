"""The pages of allauth that we offer. Nobody signs up, resets a password by mail or keeps an e-mail address here."""

from allauth.account import views
from django.urls import include, path

from accounts.staff_sign_in.views import password_change

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
