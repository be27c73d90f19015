"""The addresses of the delivery of events."""

from django.urls import include, path

from tedori.kernel.events import pages as doors_of_people

addresses = [
    path("", doors_of_people.deliveries, name="list"),
    path("retry/", doors_of_people.retry, name="retry"),
    path("<int:letter_id>/drop/", doors_of_people.drop, name="drop"),
]
pages = [path("events/", include((addresses, "events")))]
