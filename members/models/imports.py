"""Files of the registry that were brought in: what was shown before anything was written, who applied it and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from icoca_portal.lib.kept_files import KeptFile
from members import querysets
from members.models.organisations import Organisation


class RegistryImport(KeptFile):
    """A file of the registry: checked (a dry run, nothing written), then applied as a whole, or given up.

    `fingerprint` stands for the fates of its lines as they were shown last: what is applied is exactly that.
    """

    class State(models.TextChoices):
        CHECKED = "checked", pgettext_lazy("import", "To be applied")
        APPLIED = "applied", pgettext_lazy("import", "Applied")
        DISCARDED = "discarded", pgettext_lazy("import", "Given up")

    holds = models.CharField(_("a CSV holds"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKED)
    fingerprint = models.CharField(max_length=64)
    new = models.PositiveIntegerField(pgettext_lazy("lines of a file", "new"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("lines of a file", "changed"), default=0)
    unchanged = models.PositiveIntegerField(pgettext_lazy("lines of a file", "unchanged"), default=0)
    refused = models.PositiveIntegerField(pgettext_lazy("lines of a file", "refused"), default=0)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)
    settled_at = models.DateTimeField(_("applied or given up"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = querysets.RegistryImportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("import of the registry"), _("imports of the registry")
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["checked", "applied", "discarded"]), name="registryimport_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="applied") | Q(refused=0), name="registryimport_all_or_nothing"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody to apply it or give it up."""
        return self.state == self.State.CHECKED

    @property
    def writes(self) -> int:
        """How many lines it writes, or wrote."""
        return self.new + self.changed


class ImportedLine(models.Model):
    """The fate of a line of a file. `said` holds what is to be said of it: `faults` (column, sentence), `changes`
    (column, before, after) and `notes`."""

    class Fate(models.TextChoices):
        REFUSED = "refused", pgettext_lazy("line of a file", "Refused")
        NEW = "new", pgettext_lazy("line of a file", "New")
        CHANGED = "changed", pgettext_lazy("line of a file", "Changed")
        UNCHANGED = "unchanged", pgettext_lazy("line of a file", "Unchanged")

    registry_import = models.ForeignKey(RegistryImport, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("place"))
    sheet = models.CharField(_("sheet"), max_length=20)
    number = models.PositiveIntegerField(_("line"))
    fate = models.CharField(_("fate"), max_length=10, choices=Fate)
    about = models.CharField(_("about"), max_length=300)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name=_("organisation")
    )
    said = models.JSONField(default=dict)

    class Meta:
        verbose_name, verbose_name_plural = _("line of an import"), _("lines of imports")
        ordering = ["registry_import", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["registry_import", "position"], name="importedline_once"),
            models.CheckConstraint(
                condition=Q(fate__in=["refused", "new", "changed", "unchanged"]), name="importedline_fate_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"
