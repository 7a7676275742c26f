"""How a person wants to be told of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import How
from members.notices import NoticeKind


class NoticesForm(forms.Form):
    """A choice for each of the optional kinds, by its key; or with `all` the same for all of them."""

    all = forms.ChoiceField(choices=How.choices, required=False)

    def __init__(self, *given: Any, kinds: Sequence[NoticeKind], **options: Any) -> None:
        super().__init__(*given, **options)
        self.kinds = kinds
        for kind in kinds:
            self.fields[kind.key] = forms.ChoiceField(
                label=kind.label,  # type: ignore[arg-type]  # lazy texts are labels too
                choices=How.choices,
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Choose one of the three.")},
            )

    @property
    def rows(self) -> Iterator[tuple[NoticeKind, Any]]:
        """Each kind with its field, as the page shows them."""
        return ((kind, self[kind.key]) for kind in self.kinds)

    def chosen(self) -> dict[str, str]:
        """The choices by kind; of a kind that the page did not send, none."""
        if for_all := self.cleaned_data["all"]:
            return {kind.key: for_all for kind in self.kinds}
        return {kind.key: how for kind in self.kinds if (how := self.cleaned_data[kind.key])}
