"""Circulars of the sample site: two templates, one that was sent long ago, and a draft about the open questionnaire.

All of it is invented, and says so. Of the letters that went out one was refused, one came back, and some were opened.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from icoca_portal.lib.days import geneva
from icoca_portal.outbox.models import Message, State
from icoca_portal.sample.clock import happening
from members import operations, things
from members.models import Circular, CircularTemplate, User

#: Name, kind of thing, texts: language, subject, body.
TEMPLATES = (
    (
        "Questionnaire opened (sample)",
        "questionnaire",
        (
            (
                "en",
                "{title}: your answers until {deadline}",
                "<p>Dear {name},</p>"
                "<p>Sample: the questionnaire “{title}” is open. {delegation|Your delegation} may answer until "
                "{deadline}.</p>"
                "<p>Your delegates answer together; the focal point submits once. The state of your response: {state}."
                "</p><p>{link}</p>"
                "<p>The secretariat</p>",
            ),
            (
                "fr",
                "{title} : vos réponses jusqu’au {deadline}",
                "<p>Madame, Monsieur {name},</p>"
                "<p>Exemple : le questionnaire « {title} » est ouvert. {delegation|Votre délégation} peut répondre "
                "jusqu’au {deadline}.</p>"
                "<p>Les membres de votre délégation répondent ensemble ; le point focal remet la réponse une seule "
                "fois. État de votre réponse : {state}.</p><p>{link}</p>"
                "<p>Le secrétariat</p>",
            ),
        ),
    ),
    (
        "Summary under silence (sample)",
        "summary",
        (
            (
                "en",
                "{title}: comments until {until|the end of the silence}",
                "<p>Dear {name},</p>"
                "<p>Sample: the text of {title} is circulated. Without an objection by "
                "{until|the end of the silence} it is adopted.</p><p>{link}</p>"
                "<p>The secretariat</p>",
            ),
            (
                "fr",
                "{title} : commentaires jusqu’au {until|terme du silence}",
                "<p>Madame, Monsieur {name},</p>"
                "<p>Exemple : le texte de {title} est distribué. Sans objection d’ici au "
                "{until|terme du silence}, il est adopté.</p><p>{link}</p>"
                "<p>Le secrétariat</p>",
            ),
        ),
    ),
)

SENT_AT = datetime(2018, 4, 9, 10, 0, tzinfo=geneva())
SENT = {
    "en": (
        "Sample circular: ways of working between two exchanges",
        "<p>Dear {name},</p><p>Sample: this circular is invented. It was sent to the focal points and contributors of "
        "all participants.</p><h3>What it asks</h3><ul><li><p>{delegation}: name who comes to the next exchange.</p>"
        "</li><li><p>Write to {secretariat} if an address has changed.</p></li></ul><p>The secretariat</p>",
    ),
    "fr": (
        "Circulaire d’exemple : méthodes de travail entre deux échanges",
        "<p>Madame, Monsieur {name},</p><p>Exemple : cette circulaire est inventée. Elle a été envoyée aux points "
        "focaux et contributeurs de tous les participants.</p><h3>Ce qui est demandé</h3><ul><li><p>{delegation} : "
        "indiquer qui participera au prochain échange.</p></li><li><p>Écrire à {secretariat} si une adresse a changé."
        "</p></li></ul><p>Le secrétariat</p>",
    ),
}
TO_ALL = {"rule": "participants", "roles": ["focal point", "contributor"], "day": None}


def load(*, by: User) -> int:
    """Add them, unless there are some; how many circulars were added."""
    if Circular.objects.exists() or CircularTemplate.objects.exists():
        return 0
    templates = [_template(*each) for each in TEMPLATES]
    _sent_long_ago(by)
    opened = next((kind.recent() for kind in things.kinds() if kind.key == "questionnaire"), ())
    about = next((thing for thing in opened if thing.is_out), None)
    draft = operations.draft_circular(by=by, about=about, template=templates[0])
    texts = {row.language: (row.subject, row.body) for row in templates[0].texts.all()}
    operations.write_circular(draft, by=by, texts=texts, audience=TO_ALL, send_at=None, about=about)
    return 2


def _template(name: str, about: str, texts: tuple[tuple[str, str, str], ...]) -> CircularTemplate:
    template = CircularTemplate.objects.create(name=name, about=about)
    for language, subject, body in texts:
        template.texts.create(language=language, subject=subject, body=body)
    return template


def _sent_long_ago(by: User) -> None:
    """Queued, sent, one refused, one returned; and those of Switzerland and Sweden opened on the portal."""
    with happening(SENT_AT):
        circular = operations.draft_circular(by=by)
        operations.write_circular(circular, by=by, texts=SENT, audience=TO_ALL, send_at=None, about=None)
        circular = operations.approve_circular(circular, by=by)
    recipients = {row.email: row for row in circular.recipients.all()}
    for address, opened_after in (("focal.ch@sample.example", 2), ("contributor.ch@sample.example", 26)):
        if address in recipients:
            recipients[address].opened_at = SENT_AT + timedelta(hours=opened_after)
            recipients[address].save(update_fields=["opened_at"])
    letters = Message.objects.filter(circular_copy__recipient__circular=circular)
    letters.filter(recipient="focal.no@sample.example").update(
        state=State.FAILED,
        sent_at=None,
        last_error="SMTPRecipientsRefused: {'focal.no@sample.example': (550, b'5.1.1 Sample: no such mailbox')}",
    )
    letters.filter(recipient="focal.jp@sample.example").update(
        state=State.RETURNED,
        returned_at=SENT_AT + timedelta(minutes=4),
        returned_code="5.2.2",
        returned_why="Sample: the mailbox is full",
    )
    operations.finish_circulars(SENT_AT + timedelta(minutes=5))
