"""How sign-in fits this house: the language somebody chose, the name that came from elsewhere."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.forms import Form
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from tedori.kernel.organisations.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Remembers the language of the page on which somebody registers, and goes on in it after sign-in."""

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """The new person, with the language of the form."""
        user.language = get_language() or "ja"
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front page in the person's own language."""
        return translate_url(super().get_login_redirect_url(request), request.user.language)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Takes over the name that the provider gives; never a role or an organisation."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, object]) -> User:
        """The new person, with name and language."""
        user = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:150]
        user.language = get_language() or "ja"
        return user
