"""The site as a Django app, so that its commands and templates are found."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The composition root."""

    name = "tedori.site"
    label = "site_root"
    checks = ("tedori.site.falls.companions",)
