"""The app of the design: base page, components, charts, maps, front page."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What every page of the house looks like."""

    name = "tedori.kernel.pages"
    label = "pages"
