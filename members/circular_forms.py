"""What the secretariat types to write a circular, and the words of its templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moment_fields import GenevaMomentField
from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.prose import ProseWidget, RichTextField
from members import things
from members.checklist_forms import ACCEPT, FilesField, FilesInput
from members.circulars import audiences, merging
from members.circulars.of_members import ADDRESSES, decode_address_book
from members.models import Circular, CircularTemplate
from members.things import Thing

#: How a subject and a text are called among the fields of a form.
SUBJECT, BODY = "subject_", "body_"


def text_fields(*, needed: bool) -> dict[str, forms.Field]:
    """A subject and a text in each language of the portal; `needed` in the first of them."""
    fields: dict[str, forms.Field] = {}
    for place, (code, language) in enumerate(settings.LANGUAGES):
        required = needed and not place
        attrs = {"lang": code, "dir": "auto"}
        fields[f"{SUBJECT}{code}"] = forms.CharField(
            label=format_lazy("{}, {}", _("Subject"), language),
            required=required,
            max_length=200,
            widget=forms.TextInput(attrs={**attrs, "class": "vTextField", "data-merge": ""}),
        )
        fields[f"{BODY}{code}"] = RichTextField(
            label=format_lazy("{}, {}", _("Text"), language),
            required=required,
            widget=ProseWidget(attrs={**attrs, "rows": 12, "class": "vLargeTextField", "data-merge": ""}),
        )
    return fields


class WordsMixin(forms.BaseForm):
    """Reads the texts of a form with `text_fields`: both parts or none, and no merge field that nobody knows."""

    def texts(self) -> dict[str, tuple[str, str]]:
        """Subject and text by language; a language with neither is left out."""
        pairs = {
            code: (self.cleaned_data.get(f"{SUBJECT}{code}") or "", self.cleaned_data.get(f"{BODY}{code}") or "")
            for code, _language in settings.LANGUAGES
        }
        return {code: pair for code, pair in pairs.items() if any(pair)}

    def check_texts(self, about_kind: str) -> None:
        """Say of each text what is wrong with it. `about_kind` is the kind of thing whose merge fields it may hold."""
        for code, (subject, body) in self.texts().items():
            for name, text, faults in (
                (f"{SUBJECT}{code}", subject, merging.problems(subject, "", about_kind)),
                (f"{BODY}{code}", body, merging.problems("", body, about_kind)),
            ):
                if name in self.errors:
                    continue
                if not text:
                    self.add_error(name, _("In this language one of the two is written. Write the other, or empty it."))
                for fault in faults:
                    self.add_error(name, fault)


def in_braces(fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Merge fields as they are written, each with what it holds."""
    return [(f"{{{name}}}", explained) for name, explained in fields.items()]


# Templates


class _CircularTemplateForm(WordsMixin, forms.ModelForm):
    about = forms.ChoiceField(
        label=_("About"), required=False, help_text=CircularTemplate._meta.get_field("about").help_text
    )

    class Meta:
        model = CircularTemplate
        fields = ("name", "about")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["about"].choices = kinds_to_choose()  # type: ignore[attr-defined]
        for row in self.instance.texts.all() if self.instance.pk else ():
            self.initial.setdefault(f"{SUBJECT}{row.language}", row.subject)
            self.initial.setdefault(f"{BODY}{row.language}", row.body)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_texts(cleaned.get("about", ""))
        return cleaned


CircularTemplateForm = type("CircularTemplateForm", (_CircularTemplateForm,), text_fields(needed=True))


def kinds_of_circulars() -> list[things.Kind]:
    """The kinds of things that a circular may be about: those that name recent ones to choose from."""
    return [kind for kind in things.kinds() if kind.recent is not tuple]


def kinds_to_choose() -> list[tuple[str, Any]]:
    """The kinds of things that a circular may be about, and none of them."""
    return [("", _("Nothing in particular")), *((kind.key, kind.label) for kind in kinds_of_circulars())]


# A circular


def things_to_choose(*also: Thing | None) -> list[tuple[Any, Any]]:
    """The things that a circular may be about, by kind, the newest first; `also` those that may be older."""
    groups: list[tuple[Any, Any]] = [("", _("Nothing in particular"))]
    for kind in kinds_of_circulars():
        recent = {each.reference: each.title() for each in kind.recent()}
        for thing in also:
            if thing is not None and thing.kind == kind.key:
                recent.setdefault(thing.reference, thing.title())
        if recent:
            groups.append((kind.label, list(recent.items())))
    return groups


def thing_named(reference: str) -> Thing | None:
    """The thing of a reference (``questionnaire-12``) that an address or a form gives; None for everything else."""
    kind, _dash, pk = reference.rpartition("-")
    number = whole_number(pk)
    return things.find(kind, number) if number else None


class StartForm(forms.Form):
    """What a circular begins with."""

    about = forms.ChoiceField(
        label=_("About"),
        required=False,
        help_text=_("Its title, address and dates can then stand in the text by themselves."),
    )
    template = forms.ModelChoiceField(
        label=_("Template"), queryset=CircularTemplate.objects.all(), required=False, empty_label=_("An empty page")
    )

    def __init__(self, *given: Any, asked: Thing | None = None, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["about"].choices = things_to_choose(asked)  # type: ignore[attr-defined]
        if asked is not None:
            self.initial["about"] = asked.reference
            self.initial["template"] = CircularTemplate.objects.filter(about=asked.kind).first()

    def clean_about(self) -> Thing | None:
        return thing_named(self.cleaned_data["about"])


#: Where the form takes a file of addresses, where what it holds goes, and how large it may be.
BOOK, TYPED, LARGEST_BOOK = "address_book", f"{ADDRESSES.key}-addresses", 1024 * 1024


def with_address_book(data: Any, files: Any) -> tuple[Any, str]:
    """What was typed, with the lines of an address book that came with it: they stand in the form to be looked at. And
    why it was not read, if it was not."""
    book = files.get(BOOK) if data is not None and files else None
    if not book:
        return data, ""
    if book.size > LARGEST_BOOK:
        return data, gettext("The address book is larger than 1 MB. Leave in it what is needed.")
    text = decode_address_book(book)
    if "\x00" in text:
        return data, gettext("The address book is no text. Save it as CSV, then choose it again.")
    data = data.copy()
    data[TYPED] = "\n".join(filter(None, [data.get(TYPED, "").rstrip(), text]))
    return data, ""


class _CircularForm(WordsMixin, forms.ModelForm):
    """A circular as it is written. `audience` is what its rules say, `upload` the files that are added.

    The fields of the rules stand among those of the form, under ``<rule>-<name>``: what is typed for a rule that is not
    ticked stays in the form, and is not looked at.
    """

    about = forms.ChoiceField(label=_("About"), required=False)
    rules = forms.MultipleChoiceField(
        label=_("Who gets it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("What was ticked does not go with what the circular is about. Choose anew.")
        },
    )
    send_at = GenevaMomentField(label=_("Not before"), required=False)
    upload: Any = FilesField(
        label=_("Add files"), required=False, widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT})
    )
    upload_attached = forms.BooleanField(label=_("Send these with the mail"), required=False)

    class Meta:
        model = Circular
        fields = ("send_at",)

    def __init__(self, data: Any = None, files: Any = None, *given: Any, **options: Any) -> None:
        data, self.why_no_book = with_address_book(data, files)
        super().__init__(data, files, *given, **options)
        thing = things.find(self.instance.about_kind, self.instance.about_id)
        self.fields["about"].choices = things_to_choose(thing)  # type: ignore[attr-defined]
        self.initial.setdefault("about", thing.reference if thing else "")
        for row in self.instance.texts.all():
            self.initial.setdefault(f"{SUBJECT}{row.language}", row.subject)
            self.initial.setdefault(f"{BODY}{row.language}", row.body)
        self._add_rules()

    def _add_rules(self) -> None:
        """Each rule that is offered with its fields; what the audience holds besides can be kept or left out."""
        choices: list[tuple[str, Any]] = []
        chosen: list[str] = []
        self.parts: list[RulePart] = []
        self.kept: dict[str, dict[str, Any]] = {}
        stored = audiences.parts_of(self.instance.audience)
        for rule in audiences.rules_for(self.about_kind):
            part = RulePart(rule, [f"{rule.key}-{name}" for name in rule.fields()])
            self.parts.append(part)
            choices.append((rule.key, rule.label))
            mine = next((each for each in stored if each.get("rule") == rule.key), None)
            if mine is not None:
                stored.remove(mine)
                chosen.append(rule.key)
            for name, field in rule.fields().items():
                field.required = False
                self.fields[f"{rule.key}-{name}"] = field
                if mine is not None and name in mine:
                    self.initial.setdefault(f"{rule.key}-{name}", mine[name])
        for number, each in enumerate(stored):
            key = f"kept-{number}"
            self.kept[key] = each
            choices.append((key, audiences.in_words(each)))
            chosen.append(key)
        self.fields["rules"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("rules", chosen)

    @property
    def about_kind(self) -> str:
        """The kind of the thing as the form has it: the rules that are offered hang on it."""
        if self.is_bound:
            thing = thing_named(self.data.get("about", ""))
            return thing.kind if thing else ""
        return self.instance.about_kind

    def names_of(self, rule: str) -> list[str]:
        """The fields of a rule, by their names in this form."""
        return next((part.names for part in self.parts if part.rule.key == rule), [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.thing = thing_named(cleaned.get("about") or "")
        self.check_texts(self.thing.kind if self.thing else "")
        self.audience = audiences.together(list(self._audiences(cleaned.get("rules") or [])))
        if self.why_no_book:
            self.add_error(TYPED, self.why_no_book)
        moment = cleaned.get("send_at")
        if moment is not None and "send_at" in self.changed_data and moment <= timezone.now():
            self.add_error("send_at", _("This hour is past. Choose one to come, or leave it empty: at once."))
        return cleaned

    def _audiences(self, rules: Sequence[str]) -> Iterator[dict[str, Any]]:
        """What the ticked rules say; what is wrong with their fields is said beside them."""
        for part in self.parts:
            for name in part.names:
                self.errors.pop(name, None)
            if part.rule.key not in rules:
                continue
            asked = audiences.RuleForm(self.data, self.files, prefix=part.rule.key, rule=part.rule, about=self.thing)
            if asked.is_valid():
                yield asked.audience
                continue
            for name, errors in asked.errors.as_data().items():
                field = f"{part.rule.key}-{name}"
                self.add_error(field if field in self.fields else "rules", errors)
        for key, audience in self.kept.items():
            if key in rules:
                yield audience


@dataclass(frozen=True)
class RulePart:
    """A rule in the form, with the names of its fields there."""

    rule: audiences.Rule
    names: list[str]


CircularForm = type("CircularForm", (_CircularForm,), text_fields(needed=False))


class ReturnCircularForm(forms.Form):
    """Why a circular goes back to who wrote it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Whoever wrote it reads it."),
    )


class TestLetterForm(forms.Form):
    """In which language the test is written."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
