"""The addresses of the evidence."""

from django.urls import include, path

from tedori.kernel.evidence import pages as doors_of_people

addresses = [
    path("", doors_of_people.entries, name="list"),
    path("<int:number>/", doors_of_people.entry, name="entry"),
]
pages = [path("evidence/", include((addresses, "evidence")))]
