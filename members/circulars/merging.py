"""Merge fields: names in braces in a subject or a text, in whose place each reader finds what is theirs.

``{delegation}`` is the name of the reader's organisation; ``{delegation|your organisation}`` says what stands there for
who has none. ``{{`` and ``}}`` are braces. A field stands in text, or as the whole address of a link
(``https://{link}``). What is put in is escaped, and never merged again, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icoca_portal.lib.moments import zone_named
from icoca_portal.lib.richtext import one_line, to_text
from members import things
from members.circulars.audiences import Addressee
from members.models import Organisation
from members.things import Thing

Values = Mapping[str, str]

#: What every circular offers. A thing that it is about offers its own besides (`members.things`).
OWN_FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name of the person; where it is not known, of the organisation, else the address"),
    "delegation": gettext_lazy("Name of the person’s organisation"),
    "role": gettext_lazy("In which capacity the person is addressed: focal point, reader, director"),
    "portal": gettext_lazy("Address of the portal"),
    "secretariat": gettext_lazy("Address of the secretariat’s mail"),
}

#: Braces doubled; a field in braces; a brace that begins or ends none.
_MARK = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}]*)\}|[{}]")
#: The same, and a field as the address of a link, as it stands in the text of a mail.
_ADDRESS_OR_MARK = re.compile(rf"(?:https?://|mailto:)\{{(?P<address>[^{{}}|]*)\}}/?|{_MARK.pattern}", re.IGNORECASE)
#: A link whose words are its address: in the text of a mail it is not said twice.
_LINKED_BY_ITSELF = re.compile(r'<a href="(?:https?://|mailto:)?\{([^{}|"]*)\}/?">\{\1\}</a>', re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a href="(?P<address>[^"]*)"')
_FIELD_AS_ADDRESS = re.compile(r"(?:https?://|mailto:)?\{(?P<field>[^{}|]*)\}/?", re.IGNORECASE)
_IS_ADDRESS = re.compile(r"https?://\S+")
_BLANKS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))


@dataclass(frozen=True)
class Field:
    """A field as it was written: its name, and what stands there for who has no value."""

    name: str
    otherwise: str = ""

    @classmethod
    def read(cls, written: str) -> Field:
        name, _bar, otherwise = written.partition("|")
        return cls(" ".join(name.translate(_BLANKS).split()).lower(), otherwise.strip())


def field_names(about_kind: str = "") -> dict[str, str | Promise]:
    """The fields that a circular about a thing of this kind may use, each with what it holds."""
    kind = things.kind_of(about_kind)
    return {**OWN_FIELDS, **(kind.fields if kind else {})}


def fields_in(subject: str, body: str) -> list[Field]:
    """The fields that a text uses, in their order, each once."""
    found = [Field.read(written) for written in (*_written_in(subject), *_written_in_html(body))]
    return list(dict.fromkeys(found))


def problems(subject: str, body: str, about_kind: str = "") -> list[str]:
    """What is wrong with the merge fields of a text, a sentence each, naming the field; none if all is well."""
    known = field_names(about_kind)
    found = [
        _("“{%(field)s}” is no merge field. These are: %(known)s.")
        % {"field": each.name, "known": ", ".join(f"{{{name}}}" for name in known)}
        for each in fields_in(subject, body)
        if each.name not in known
    ]
    for text in (subject, *_paragraphs(body)):
        found += [_problem_with_brace(text, mark) for mark in _MARK.finditer(text) if mark[0] in "{}"]
    for link in _LINK.finditer(body):
        address = unescape(link["address"])
        if re.search(r"[{}]|%7B|%7D", address) and not _FIELD_AS_ADDRESS.fullmatch(_with_braces(address)):
            found.append(
                _("The address of a link may be one merge field as a whole, as in https://{link}; not “%(text)s”.")
                % {"text": address[:60]}
            )
    return list(dict.fromkeys(found))


def _problem_with_brace(text: str, mark: re.Match[str]) -> str:
    around = " ".join(text[max(0, mark.start() - 15) : mark.end() + 25].split())
    if mark[0] == "{":
        return _("A merge field begins with “{” and does not end: “%(text)s”. A brace itself is written twice.") % {
            "text": around
        }
    return _("There is a “}” with no merge field before it: “%(text)s”. A brace itself is written twice.") % {
        "text": around
    }


# Putting in


@dataclass(frozen=True)
class _Slot:
    """The place of a field in a text that was taken apart. In HTML a value is escaped, and an address becomes a link
    unless it stands in one (`is_linked`); as the address of a link (`is_address`) only an address is taken."""

    field: Field
    is_html: bool = False
    is_linked: bool = False
    is_address: bool = False

    def fill(self, values: Values) -> str:
        value = values.get(self.field.name, "") or self.field.otherwise
        if self.is_address:
            value = value if _IS_ADDRESS.fullmatch(value) else settings.PORTAL_ADDRESS
            return escape(value) if self.is_html else value
        if not self.is_html:
            return value
        if _IS_ADDRESS.fullmatch(value) and not self.is_linked:
            return f'<a href="{escape(value)}">{escape(value)}</a>'
        return "<br>".join(escape(line) for line in value.splitlines())


class Template:
    """A text taken apart once, to be put together for many readers."""

    def __init__(self, parts: Iterable[str | _Slot]) -> None:
        self._parts = list(parts)

    def merge(self, values: Values) -> str:
        return "".join(part if isinstance(part, str) else part.fill(values) for part in self._parts)

    @classmethod
    def of_html(cls, body: str) -> Template:
        """Of clean HTML, for HTML."""
        return cls(_parts_of_html(body))

    @classmethod
    def of_text(cls, body: str) -> Template:
        """Of clean HTML, for the text of a mail: what `to_text` makes of it, with the fields in their places."""
        return cls(_parts_of_text(to_text(_LINKED_BY_ITSELF.sub(r"{\1}", body)), with_addresses=True))

    @classmethod
    def of_subject(cls, subject: str) -> Template:
        return cls(_parts_of_text(subject))


def merge_subject(subject: str | Template, values: Values) -> str:
    """The subject for one reader, on one line whatever the values hold."""
    template = subject if isinstance(subject, Template) else Template.of_subject(subject)
    return one_line(template.merge(values))


def merge_html(body: str, values: Values) -> str:
    """The text (clean HTML) for one reader. An address becomes a link where it does not stand in one."""
    return Template.of_html(body).merge(values)


def merge_text(body: str, values: Values) -> str:
    """The same as plain text."""
    return Template.of_text(body).merge(values)


def _parts_of_html(html: str) -> Iterator[str | _Slot]:
    is_linked = False
    for is_tag, part in _split(html):
        if not is_tag:
            yield from _taken_apart(part, _MARK, is_html=True, is_linked=is_linked)
            continue
        is_linked = part.startswith("<a ") or (is_linked and part != "</a>")
        link = _LINK.match(part)
        field = _FIELD_AS_ADDRESS.fullmatch(_with_braces(unescape(link["address"]))) if link else None
        if field is None:
            yield part
        else:
            yield '<a href="'
            yield _Slot(Field.read(field["field"]), is_html=True, is_address=True)
            yield '">'


def _parts_of_text(text: str, *, with_addresses: bool = False) -> Iterator[str | _Slot]:
    return _taken_apart(_with_braces(text) if with_addresses else text, _ADDRESS_OR_MARK if with_addresses else _MARK)


def _taken_apart(
    text: str, marks: re.Pattern[str], *, is_html: bool = False, is_linked: bool = False
) -> Iterator[str | _Slot]:
    at = 0
    for mark in marks.finditer(text):
        yield text[at : mark.start()]
        at = mark.end()
        written = mark.groupdict()
        if written.get("address") is not None:
            yield _Slot(Field.read(written["address"]), is_address=True)
        elif written["field"] is None:
            yield mark[0][0]
        else:
            field = unescape(written["field"]) if is_html else written["field"]
            yield _Slot(Field.read(field), is_html=is_html, is_linked=is_linked)
    yield text[at:]


def _with_braces(address: str) -> str:
    """An editor may have written the braces of an address as a browser does."""
    return address.replace("%7B", "{").replace("%7D", "}").replace("%7b", "{").replace("%7d", "}")


def _split(html: str) -> Iterator[tuple[bool, str]]:
    """The tags and the text between them, in order: of clean HTML, in which no attribute holds a ``>``."""
    at = 0
    for tag in _TAG.finditer(html):
        if tag.start() > at:
            yield False, html[at : tag.start()]
        yield True, tag[0]
        at = tag.end()
    if at < len(html):
        yield False, html[at:]


def _paragraphs(html: str) -> list[str]:
    return [unescape(part) for is_tag, part in _split(html) if not is_tag]


def _written_in(text: str) -> list[str]:
    return [mark["field"] for mark in _MARK.finditer(text) if mark["field"] is not None]


def _written_in_html(html: str) -> list[str]:
    texts = [written for text in _paragraphs(html) for written in _written_in(text)]
    addresses = [_FIELD_AS_ADDRESS.fullmatch(_with_braces(unescape(link["address"]))) for link in _LINK.finditer(html)]
    return texts + [address["field"] for address in addresses if address]


# Values


class Merging:
    """The values of merge fields for the readers of one circular. What a thing says is asked once for each
    organisation, language and zone, and no field that the texts do not use is asked for."""

    def __init__(self, thing: Thing | None, used: Iterable[Field]) -> None:
        self.thing = thing
        self.used = list(dict.fromkeys(used))
        self._asked = {field.name for field in self.used}
        self._shared: dict[tuple[int | None, str, str], dict[str, str]] = {}

    def values_for(self, addressee: Addressee, language: str) -> dict[str, str]:
        """What stands in the fields for this reader, in this language."""
        organisation = addressee.organisation
        key = (organisation.pk if organisation else None, language, addressee.time_zone or settings.TIME_ZONE)
        shared = self._shared.get(key)
        if shared is None:
            with translation.override(language), timezone.override(zone_named(key[2])):
                shared = self._shared[key] = self._shared_by(organisation)
        values = {**shared, "name": addressee.name or (str(organisation) if organisation else addressee.email)}
        if "role" in self._asked:
            with translation.override(language):
                values["role"] = addressee.role_in_words
        return values

    def _shared_by(self, organisation: Organisation | None) -> dict[str, str]:
        """What all readers of an organisation find, who read one language in one zone."""
        fields = self.thing.fields if self.thing else {}
        return {
            "delegation": str(organisation) if organisation else "",
            "portal": settings.PORTAL_ADDRESS + reverse("home"),
            "secretariat": settings.SECRETARIAT_EMAIL,
            **{name: fields[name](organisation) for name in fields if name in self._asked},
        }

    def empty_for(self, addressee: Addressee, language: str) -> list[str]:
        """The fields used that have nothing to say to this reader, and no words for that case."""
        values = self.values_for(addressee, language)
        return [field.name for field in self.used if not field.otherwise and not values.get(field.name, "").strip()]
