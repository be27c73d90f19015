"""The addresses of cases for staff, and of reports for who made them."""

from django.urls import include, path

from tedori.kernel.cases import pages as doors_of_staff
from tedori.kernel.cases import reports as doors_of_reporters

cases = [
    path("", doors_of_staff.cases, name="list"),
    path("<int:case_id>/", doors_of_staff.case, name="case"),
    path("<int:case_id>/files/<int:file_id>/", doors_of_staff.file, name="file"),
]
reports = [
    path("", doors_of_reporters.mine, name="list"),
    path("<int:case_id>/", doors_of_reporters.my_report, name="report"),
    path("link/<str:secret>/", doors_of_reporters.linked, name="link"),
    path("link/<str:secret>/files/<int:file_id>/", doors_of_reporters.linked_file, name="linked-file"),
    path("<int:case_id>/files/<int:file_id>/", doors_of_reporters.my_file, name="file"),
]
pages = [
    path("cases/", include((cases, "cases"))),
    path("reports/", include((reports, "reports"))),
]
