"""The addresses of the front page and of the pages about the site."""

from django.urls import include, path

from tedori.kernel.pages import pages as views

pages = [
    path(
        "",
        include(
            (
                [
                    path("", views.home, name="home"),
                    path("about", views.about, name="about"),
                    path("accessibility", views.accessibility, name="accessibility"),
                    path("apis", views.apis, name="apis"),
                    path("styleguide", views.styleguide, name="styleguide"),
                ],
                "pages",
            )
        ),
    )
]
