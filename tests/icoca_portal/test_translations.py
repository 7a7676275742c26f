"""French: the catalogue is complete and well formed, and pages, mails and papers speak it."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.formats import date_format
from lxml import html

from icoca_portal.lib.moments import in_geneva, to_the_second
from icoca_portal.outbox.models import Message
from meetings.ordinals import ORDINALS, exchange, exchange_in_sentence
from meetings.papers import agenda_paper
from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories
from tests.lib.pdf_reading import text_of
from tests.questionnaires.answering import address, draft, make_questionnaire
from tests.questionnaires.papers import assert_accessible
from tools import translations
from tools.translations import LOCALE, Catalogue, Text

PO = LOCALE / "fr" / "LC_MESSAGES" / "django.po"
HEAD = Text("")
FILLED = re.compile(r"%%|%\(\w+\)[sd]|%[sd]|</?\w[^>]*>")


@pytest.fixture(autouse=True)
def english_before_and_after():
    """What a request or a test sets is set back for those that follow."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def french() -> Catalogue:
    return translations.read(PO.read_text())


def texts_of(catalogue: Catalogue) -> list[str]:
    return [words for text, found in catalogue.items() if text != HEAD for words in found]


class TestCatalogue:
    def test_it_holds_every_text_of_the_code_and_the_templates_and_no_other(self, french):
        wanted, there = {HEAD, *translations.used()}, set(french)
        assert [text.text for text in wanted - there] == [], "python -m tools.translations adds them, to be translated"
        assert [text.text for text in there - wanted] == [], "python -m tools.translations takes them out"

    def test_every_text_is_translated(self, french):
        assert len(french) > 1000
        assert [text for text, found in french.items() if not all(words.strip() for words in found)] == []

    def test_none_is_a_guess_of_a_machine(self):
        assert "fuzzy" not in PO.read_text()

    def test_what_is_filled_in_and_marked_up_is_the_same(self, french):
        def filled(words: str) -> Counter[str]:
            return Counter(FILLED.findall(words))

        wrong = []
        for text, found in french.items():
            if text == HEAD:
                continue
            # In French 0 takes the singular too, so its form says the number wherever the English plural says it.
            forms = [(text.text,), (text.plural,)] if text.plural else [(text.text,)]
            if any(filled(words) not in map(filled, allowed) for words, allowed in zip(found, forms, strict=True)):
                wrong.append(text)
        assert wrong == []

    def test_the_compiled_file_holds_exactly_this(self, french):
        assert PO.with_suffix(".mo").read_bytes() == translations.compiled(french), "run python -m tools.translations"
        with PO.with_suffix(".mo").open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        for text, found in french.items():
            if text.plural:
                shown = [catalogue.npgettext(text.context, text.text, text.plural, number) for number in (1, 2)]
                if not text.context:
                    shown = [catalogue.ngettext(text.text, text.plural, number) for number in (1, 2)]
            else:
                shown = [catalogue.pgettext(text.context, text.text) if text.context else catalogue.gettext(text.text)]
            assert shown == list(found)
        assert catalogue.ngettext("%(count)d minute", "%(count)d minutes", 0) == "%(count)d minute"

    def test_the_typography_is_french(self, french):
        """No-break spaces before high punctuation and inside quotation marks, and the curved apostrophe."""
        plain = re.compile(r" [:;?!»]|« |'|“|”|\.\.\.|\bn° ", re.IGNORECASE)
        assert [words for words in texts_of(french) if plain.search(re.sub(r"<[^>]*>", "", words))] == []

    def test_one_word_stands_for_one_thing(self, french):
        def of(word: str) -> set[str]:
            return {found[0].lower() for text, found in french.items() if text.text.lower() == word}

        assert of("focal point") == {"point de contact"}
        assert of("chair’s summary") == {"résumé de la présidence"}
        assert of("receipt") == {"accusé de réception"}
        assert of("seal") == {"sceau"}
        assert of("returned by the secretariat") == {"renvoyée par le secrétariat"}


class TestTool:
    def test_it_adds_what_is_new_takes_out_what_is_gone_and_compiles(self, tmp_path, monkeypatch):
        path = tmp_path / "LC_MESSAGES" / "django.po"
        path.parent.mkdir()
        head: Catalogue = {HEAD: ["Content-Type: text/plain; charset=UTF-8\n"]}
        kept: Catalogue = {Text("Meetings"): ["Réunions"]}
        gone, new = Text("Sample"), Text("a new one", "%(count)d new ones")
        path.write_text(translations.write({**head, gone: ["Exemple"], **kept}))
        monkeypatch.setattr(translations, "used", lambda: [new, *kept])

        assert translations.update(tmp_path) == [new]

        assert translations.read(path.read_text()) == {**head, **kept, new: ["", ""]}
        with path.with_suffix(".mo").open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        assert catalogue.gettext("Meetings") == "Réunions"
        assert catalogue.gettext("Sample") == "Sample"
        assert catalogue.ngettext(new.text, new.plural, 1) == "a new one", "what is not translated shows as it is"

    def test_what_it_writes_it_reads(self):
        hard: Catalogue = {
            Text('A "quoted"\n\tline \\ of text', plural="more", context="where"): ["« a »\n\\", 'b"'],
            Text("Sample"): ["Exemple"],
        }
        assert translations.read(translations.write(hard)) == hard

    def test_a_text_may_stand_on_several_lines(self):
        found = translations.read('#, python-format\nmsgid ""\n"Two "\n"lines"\nmsgstr ""\n"Deux "\n"lignes"\n')
        assert found == {Text("Two lines"): ["Deux lignes"]}

    def test_it_sees_every_way_of_asking_for_a_translation(self):
        used = set(translations.used())
        assert Text("State", "States", "number of") in used, "blocktranslate with a plural and a context"
        assert Text("by", context="deadline") in used, "pgettext_lazy"
        assert Text("One thing waits for you.", "%(count)d things wait for you.") in used, "ngettext"
        assert Text("Public") in used, "a text given to a tag"
        assert Text("Receipt %(reference)s") in used, "the subject of a mail"

    def test_a_text_with_and_without_a_plural_needs_a_context(self):
        both: dict[Text, None] = {Text("State"): None, Text("State", "States"): None}
        with pytest.raises(ValueError, match="State"):
            translations._unambiguous(both)


class TestWords:
    def test_moments(self):
        moment = datetime(2018, 4, 30, 16, 0, 7, tzinfo=UTC)
        with translation.override("fr"):
            assert in_geneva(moment) == "lundi 30 avril 2018, 18:00 Genève"
            assert to_the_second(moment) == "lundi 30 avril 2018, 18:00:07 Genève (16:00:07 UTC)"

    def test_june_and_july_stay_apart_where_dates_are_short(self):
        with translation.override("fr"):
            june, july = (date_format(date(2018, month, 6), "SHORT_DATE_FORMAT") for month in (6, 7))
        assert (june, july) == ("6 juin 2018", "6 juil. 2018")

    def test_the_names_of_meetings(self):
        english = {str(name) for name in ORDINALS}
        with translation.override("fr"):
            names = [exchange(number) for number in range(1, len(ORDINALS) + 1)]
            assert len({*names}) == len(ORDINALS)
            assert not english & {*names}
            assert exchange(1) == "Premier échange"
            assert exchange(9) == "Neuvième échange"
            assert exchange_in_sentence(21) == "vingt et unième échange"
            assert exchange(31) == "31e échange"

    @pytest.mark.django_db
    def test_they_fit_into_sentences(self):
        meeting = factories.MeetingFactory(number=8)
        with translation.override("fr"):
            assert agenda_paper(meeting).title == "Ordre du jour du huitième échange"
            assert str(meeting.full_name) == "Huitième échange du Groupe de travail"


@pytest.mark.django_db
class TestReader:
    """A focal point who has chosen French, whatever the browser asks for."""

    @pytest.fixture
    def browser(self, client_of, focal_point) -> Any:
        focal_point.language = "fr"
        focal_point.save()
        return client_of("focal_point", headers={"accept-language": "en"})

    def words(self, browser: Any, url: str) -> str:
        page = browser.get(url)
        assert page.status_code == 200
        assert page["Content-Language"] == "fr"
        document = html.document_fromstring(page.content.decode())
        assert document.get("lang") == "fr"
        return " ".join("".join(map(str, document.itertext())).split())

    def test_the_desk(self, browser, delegation):
        make_questionnaire()
        words = self.words(browser, "/")
        for shown in ("Mon bureau", "Une chose vous attend.", "Commencer votre réponse", "Point de contact", "Genève"):
            assert shown in words
        for english in ("Due", "Start", "Geneva", "waits", "desk"):
            assert english not in words

    def test_a_section(self, browser, delegation):
        draft(make_questionnaire(), delegation)
        words = self.words(browser, address("edit_section", 1))
        for shown in ("Vérifier vos réponses", "Enregistrer", "Échéance", "Votre délégation", "Oui", "Non"):
            assert shown in words
        for english in ("Save", "Due", "Your delegation", "Geneva", "Check"):
            assert english not in words

    def test_a_deadline_in_full(self, browser, delegation):
        draft(make_questionnaire(), delegation)
        Questionnaire.objects.update(deadline=datetime(2018, 4, 30, 16, tzinfo=UTC))
        words = self.words(browser, address("read_response"))
        assert "lundi 30 avril 2018, 18:00 Genève" in words
        assert "Le questionnaire n’accepte plus de réponses." in words

    def test_the_mail_and_the_paper_of_a_receipt(self, browser, delegation, focal_point, reader):
        response = draft(make_questionnaire(), delegation)
        operations.submit_response(response, by=focal_point)

        mail = Message.objects.get(recipient=focal_point.email, key__startswith="response-submitted")
        assert mail.language == "fr"
        assert mail.subject == "Accusé de réception SP-ch-1"
        assert "Numéro de référence\u00a0: SP-ch-1\n" in mail.text
        assert "est soumise. C’est la soumission n°\u00a01." in mail.text
        assert " Genève\n" in mail.text
        assert "Geneva" not in mail.text
        other = Message.objects.get(recipient=reader.email, key__startswith="response-submitted")
        assert other.subject == "Receipt SP-ch-1", "a colleague who reads English gets theirs in English"

        document = browser.get(address("export_receipt")).content
        assert_accessible(document)
        assert b"/Lang(fr)" in document.replace(b" ", b"")
        paper = text_of(document)
        for shown in ("Accusé de réception", "Numéro de référence", "Sceau (SHA-256)", "N° 1", "point de contact"):
            assert shown in paper
        for english in ("Receipt", "Reference", "Seal", "focal point", "Geneva"):
            assert english not in paper

    def test_what_is_not_there(self, browser):
        page = browser.get("/nothing/here/")
        assert page.status_code == 404
        assert "Il n’y a rien pour vous à cette adresse" in page.content.decode()


@pytest.mark.django_db
class TestVisitor:
    @pytest.mark.parametrize("asked", ["fr", "fr-CH, en;q=0.5", "de, fr;q=0.8, en;q=0.2"])
    def test_who_asks_for_french_gets_it(self, client, asked):
        page = client.get("/", headers={"accept-language": asked})
        assert page["Content-Language"] == "fr"
        assert '<html lang="fr"' in page.content.decode()
        assert "Participants au Document de Montreux" in page.content.decode()
        assert "Accept-Language" in page["Vary"]

    @pytest.mark.parametrize("asked", ["", "en", "de", "xx;q=x"])
    def test_everybody_else_gets_english(self, client, asked):
        page = client.get("/", headers={"accept-language": asked})
        assert '<html lang="en"' in page.content.decode()
        assert "Montreux Document participants" in page.content.decode()
