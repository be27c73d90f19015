"""How sign-in fits this house: its language, the name that came from elsewhere, the evidence of it."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language

from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.rates import address
from tedori.kernel.organisations.signing import sign_in_failed, signed_in


class AccountAdapter(DefaultAccountAdapter):
    """Remembers the language of the page on which somebody registers, and goes on in it after sign-in."""

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """The new person, with the language of the form."""
        user.language = get_language() or "ja"
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front page in the person's own language."""
        return translate_url(super().get_login_redirect_url(request), request.user.language)

    def post_login(self, request: HttpRequest, user: User, **given: object) -> HttpResponse:
        """Leave evidence of who came in."""
        methods = [one["method"] for one in get_authentication_records(request, user)]
        signed_in(user, methods=methods, address=address(request.META), at=timezone.now())
        return super().post_login(request, user, **given)

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Leave evidence that somebody could not."""
        login = str(credentials.get("username") or credentials.get("email") or "")
        sign_in_failed(login, address=address(request.META), at=timezone.now())


class SocialAdapter(DefaultSocialAccountAdapter):
    """Takes over the name that the provider gives; never a role or an organisation."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, object]) -> User:
        """The new person, with name and language."""
        user = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:150]
        user.language = get_language() or "ja"
        return user
