"""Every address of the house: each service brings its own `pages` and `doors`."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tedori.kernel.discovery import rooms

ROOMS = [*rooms("tedori.kernel", "urls"), *rooms("tedori.services", "urls")]

urlpatterns = [door for room in ROOMS for door in getattr(room, "doors", ())]
urlpatterns += i18n_patterns(
    path("account/", include("allauth.urls")),
    *(page for room in ROOMS for page in getattr(room, "pages", ())),
    prefix_default_language=False,
)
