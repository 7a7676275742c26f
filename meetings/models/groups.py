"""Working groups and who holds an office in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from meetings import querysets


class WorkingGroup(models.Model):
    """A working group of the Montreux Document participants."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(
        _("address"), max_length=40, unique=True, help_text=_("Stands in the addresses of its pages.")
    )
    symbol = models.CharField(
        _("symbol"), max_length=40, unique=True, help_text=_("Begins the symbol of each paper: ICoCA-WG.")
    )
    description = models.TextField(_("description"), blank=True)

    objects = querysets.WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("working group"), _("working groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """An office in a working group, held by a person from a day to another. It lives here because offices belong to
    working groups, which the registry of people does not know."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chair")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offices", verbose_name=_("person"))
    working_group = models.ForeignKey(
        WorkingGroup, models.PROTECT, related_name="offices", verbose_name=_("working group")
    )
    role = models.CharField(_("office"), max_length=20, choices=Role, default=Role.CHAIR)
    valid_from = models.DateField(_("from"), default=today)
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without the office; empty: without end.")
    )

    objects = querysets.OfficeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("office"), _("offices")
        ordering = ["working_group__name", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="office_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(role="chair"), name="office_role_known"),
            models.UniqueConstraint(
                fields=["user", "working_group", "role"], condition=Q(valid_to=None), name="office_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.working_group}"
