"""The addresses of accounts, organisations, members and tokens."""

from django.urls import include, path

from tedori.kernel.organisations import pages as doors_of_people

addresses = [
    path("me/", doors_of_people.me, name="me"),
    path("me/organisation/", doors_of_people.switch, name="switch"),
    path("me/language/", doors_of_people.language, name="language"),
    path("organisations/", doors_of_people.organisations, name="organisations"),
    path("organisations/<slug:code>/members/", doors_of_people.members, name="members"),
    path(
        "organisations/<slug:code>/members/<int:user_id>/role/",
        doors_of_people.change_role,
        name="change_role",
    ),
    path(
        "organisations/<slug:code>/members/<int:user_id>/remove/",
        doors_of_people.remove_member,
        name="remove_member",
    ),
    path("organisations/<slug:code>/tokens/", doors_of_people.tokens, name="tokens"),
    path(
        "organisations/<slug:code>/tokens/<int:token_id>/revoke/",
        doors_of_people.revoke_token,
        name="revoke_token",
    ),
]
pages = [path("", include((addresses, "organisations")))]
