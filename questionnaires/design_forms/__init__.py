"""The forms of the designer: a section, and a question with what its kind needs, its texts in every language.

A text in another language than the first is posted as ``text-fr``. The rows of a list of choices post the same names
once a row (``choices-key``, ``choices-label``, ``choices-label-fr``, ``choices-type``), so their order on the page is
their order; a test of a condition posts ``test-0-question``, ``test-0-is``, ``test-0-values``, ``test-0-limit``.
Buttons that only change the form post ``_row`` (``choices:1:up``, ``choices:add``, ``tests:0:remove``) or ``_redraw``.
"""

from questionnaires.design_forms.questions import QuestionForm
from questionnaires.design_forms.sections import SectionForm
from questionnaires.design_forms.steps import ImportForm, NoteForm
from questionnaires.design_forms.translating import first_language, other_languages

__all__ = ["ImportForm", "NoteForm", "QuestionForm", "SectionForm", "first_language", "other_languages"]
