"""The app of the texts: keeps the compiled English in step with its source."""

from django.apps import AppConfig

from tedori.kernel.texts.catalogues import compile_stale


class TextsConfig(AppConfig):
    """Compiles each catalogue that changed, at start, before anyone reads it."""

    name = "tedori.kernel.texts"
    label = "texts"

    def ready(self) -> None:
        """Compile what is stale; costs a few file dates when nothing is."""
        compile_stale()
