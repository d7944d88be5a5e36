from allauth.account import views as allauth_views
from django.urls import path, re_path

from . import factor_views, kept_views, passkey_views, views

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("login/code/", factor_views.sign_in_code, name="mfa_authenticate"),
    path("login/code/passkey/", passkey_views.ask_at_sign_in, name="mfa_passkey_ask"),
    path("logout/", allauth_views.LogoutView.as_view(), name="account_logout"),
    path("inactive/", allauth_views.AccountInactiveView.as_view(), name="account_inactive"),
    path("reauthenticate/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("password/change/", views.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", views.ResetPasswordView.as_view(), name="account_reset_password"),
    path(
        "password/reset/done/",
        allauth_views.PasswordResetDoneView.as_view(),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.ResetPasswordFromKeyView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.PasswordResetFromKeyDoneView.as_view(),
        name="account_reset_password_from_key_done",
    ),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("settings/", views.settings_page, name="settings"),
    path("second-factor/", factor_views.overview, name="second_factor"),
    path("second-factor/app/", factor_views.app, name="second_factor_app"),
    path("second-factor/passkey/", passkey_views.add, name="second_factor_passkey"),
    path("second-factor/passkey/new/", passkey_views.ask_for_new, name="passkey_new"),
    path("second-factor/passkey/ask/", passkey_views.ask, name="passkey_ask"),
    path("second-factor/again/", factor_views.ask_again, name="ask_again"),
    path("second-factor/<int:factor_id>/remove/", factor_views.remove, name="second_factor_remove"),
    path("second-factor/codes/", factor_views.recovery_codes, name="recovery_codes"),
    path(
        "second-factor/codes/download/", factor_views.recovery_codes_download, name="recovery_codes_download"
    ),
    path("second-factor/codes/make/", factor_views.recovery_codes_make, name="recovery_codes_make"),
    path("second-factor/codes/kept/", factor_views.recovery_codes_kept, name="recovery_codes_kept"),
    path("kept-text/", kept_views.kept_text, name="kept_text"),
    path("kept-text/draft/", kept_views.draft_save, name="draft_save"),
    path("letters/", views.letters, name="letters"),
    path("letters/<int:letter_id>/", views.letter, name="letter"),
]
