"""The tables of organisations, people, memberships and tokens."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in; a resident when without a membership."""

    name = models.CharField(_("表示名"), max_length=150, blank=True)
    language = models.CharField(_("言語"), max_length=10, default="ja")

    def get_full_name(self) -> str:
        """How a person is shown: the name given here, else the one that came with the sign-in."""
        return self.name or f"{self.last_name}{self.first_name}"


class Organisation(models.Model):
    """Somebody who can own records: a bureau, a municipality, a company, a civic group."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("局")
        MUNICIPALITY = "municipality", _("自治体")
        COMPANY = "company", _("企業")
        CIVIC = "civic", _("市民団体")

    code = models.CharField(_("コード"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(_("名称（英語）"), max_length=200, blank=True)
    kind = models.CharField(_("種別"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # Admins of this organisation administer the whole platform; at most one organisation has it.
    steward_of_platform = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("steward_of_platform",),
                condition=models.Q(steward_of_platform=True),
                name="one_steward_of_platform",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Membership(models.Model):
    """A person's one role in an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("役割"), max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("user", "organisation"), name="one_role_each"),)


class ApiToken(models.Model):
    """A program's key to an organisation's doors; only the digest of its secret is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(_("用途"), max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
