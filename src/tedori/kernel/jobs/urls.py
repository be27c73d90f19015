"""The addresses of jobs."""

from django.urls import include, path

from tedori.kernel.jobs import pages as doors_of_people

addresses = [
    path("", doors_of_people.jobs, name="list"),
    path("<int:job_id>/", doors_of_people.job, name="job"),
    path("<int:job_id>/progress/", doors_of_people.progress, name="progress"),
    path("<int:job_id>/cancel/", doors_of_people.cancel, name="cancel"),
    path("<int:job_id>/again/", doors_of_people.again, name="again"),
]
pages = [path("jobs/", include((addresses, "jobs")))]
