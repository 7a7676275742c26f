"""Named refusals around questionnaires. Each carries a sentence for the person whose act was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icoca_portal.lib.refusals import Refusal

if TYPE_CHECKING:
    from questionnaires.checks import Problem


class QuestionnaireClosed(Refusal):
    """The questionnaire is not open, or its deadline has passed; drafts stay readable."""


class DelegationNotAsked(Refusal):
    """The questionnaire was not put to this delegation."""


class NobodyToAsk(Refusal):
    """No delegation was chosen, or those chosen are asked already."""


class NotAnExtension(Refusal):
    """The time given is no more than the delegation has, or has passed."""


class NobodyToRemind(Refusal):
    """Nobody is missing, or the missing were reminded within the hour."""


class QuestionnaireNotReady(Refusal):
    """The questionnaire cannot be opened as it stands."""


class QuestionnaireFrozen(Refusal):
    """What delegations are answering cannot be changed under their hands."""


class ResponseSealed(Refusal):
    """The response is submitted; it changes only after the secretariat has returned it."""


class ResponseIncomplete(Refusal):
    """Answers stop the submission. `problems` names each with its question."""

    def __init__(self, message: str, problems: list[Problem]) -> None:
        super().__init__(message)
        self.problems = problems


class FormNotRead(Refusal):
    """A file that was sent as a filled-in form is not one that can be read here, or may not be."""


class QuestionnaireNotClosed(Refusal):
    """Results are made of a closed questionnaire, once."""


class ReleaseUnexplained(Refusal):
    """A quotation that was held back is released with a reason, or not at all."""


class NothingSubmitted(Refusal):
    """There is no submission to return or to remark on."""


class QuestionNoLongerAsked(Refusal):
    """A later edition does not ask this question; what was answered stays readable."""


class FilesNotTaken(Refusal):
    """The question takes no files, or no more of them."""


class AnswerChangedMeanwhile(Refusal):
    """Somebody saved this answer after the version that the writer started from. `answer` is what stands now."""

    def __init__(self, message: str, answer: Any) -> None:
        super().__init__(message)
        self.answer = answer


class NotOfDelegation(Refusal):
    """The person does not write for the delegation today, so that no section can be given to them."""


class NoGuest(Refusal):
    """The person cannot be a guest: they are of the delegation already, or have another place in the portal."""


class ClearanceMissing(Refusal):
    """The delegation asks for a clearance before its response goes out, and none stands."""


class ClearanceStands(Refusal):
    """A clearance has been asked for, or given, already."""


class ClearanceEnded(Refusal):
    """What was asked has been answered, or taken back, already."""


class DraftChangedMeanwhile(Refusal):
    """An answer was changed after the draft was read that is to be cleared."""


class NothingToRestore(Refusal):
    """The answer has no such version."""


class DesignChangedMeanwhile(Refusal):
    """Somebody changed this section or question after the version that the officer started from. `row` is what stands
    now."""

    def __init__(self, message: str, row: Any) -> None:
        super().__init__(message)
        self.row = row


class OrderChangedMeanwhile(Refusal):
    """Sections or questions were added, removed or moved after the order that the officer started from."""


class ConditionBroken(Refusal):
    """An “ask only if” would look at a question that does not stand before it, or at an answer that is not offered."""


class QuestionAsked(Refusal):
    """An edition asked this question: its kind stays, and it is removed rather than deleted."""


class NothingChanged(Refusal):
    """The design is what the latest edition asks already."""


class PassageNotFound(Refusal):
    """The words to be tagged do not stand in the answer."""


class ThemeTaken(Refusal):
    """Another theme has this name, or two themes cannot be one."""


class DiscussionNowhere(Refusal):
    """A discussion needs a meeting, or an occasion with its day."""


class ConclusionNotReady(Refusal):
    """There is no conclusion to publish."""


class ConclusionPublished(Refusal):
    """Participants read the conclusion, so that it does not change under their eyes. `conclusion` is what stands."""

    def __init__(self, message: str, conclusion: Any) -> None:
        super().__init__(message)
        self.conclusion = conclusion


class ConclusionChangedMeanwhile(ConclusionPublished):
    """Somebody wrote the conclusion after the version that the writer started from. `conclusion` is what stands."""
