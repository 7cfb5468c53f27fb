"""How a command ended, in a few lines for a chat: pure rules; the lines hold nothing secret or personal."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pipelines.destination.failures.failure import DESTINATION_ERRORS
from pipelines.destination.failures.quoted_values import without_given_values, without_values
from pipelines.exit_code import ExitCode
from pipelines.exit_reason import reason
from pipelines.journal.outcome import Outcome
from pipelines.notifications.settings import Occasion
from pipelines.stop import Stop, was_interrupted
from sources.intercom.api.errors import IntercomError
from sources.intercom.configuration import ConfigurationError
from transforms import BuildReport

MOST_LINES = 8
MEANINGS = {
    ExitCode.FAILED: "not complete; what was loaded stays, run again",
    ExitCode.CHECK_FAILED: "loaded, but models or checks failed",
    ExitCode.WRONG_USE: "wrong arguments or configuration",
}


@dataclass
class Ending:
    """A command's end for the message to a chat: `reasons` say why it failed, `facts` what it did.

    Each reason is a line without values; whoever adds one knows whose words it holds.
    """

    command: str
    target: str
    code: ExitCode = ExitCode.DONE
    reasons: list[str] = field(default_factory=list)
    facts: str = ""

    def take_outcome(self, outcome: Outcome) -> None:
        """Take the outcome of a run over into the ending's message."""
        calls = outcome.tally.calls
        self.facts = f"{outcome.count_rows.total():,} rows, {calls:,} calls in {outcome.seconds_reading:,.0f} s"
        self.reasons = [f"{one.resource}: {shown(one.error)}" for one in outcome.report.failures if one.error]
        if outcome.error:
            self.reasons.append(f"loading: {without_values(outcome.error)}")
        elif outcome.is_interrupted:
            self.reasons.append("it was interrupted")
        else:
            self.reasons += [f"{name} was not read to its end" for name in outcome.not_ended]
        if outcome.log_error:
            self.reasons.append(f"run log: {without_values(outcome.log_error)}")
        if outcome.build_error:
            self.reasons.append(f"models: {without_values(outcome.build_error)}")
        if outcome.build is not None:
            self.take_build(outcome.build)

    def take_build(self, build: BuildReport) -> None:
        """Take the result of a build over into the ending's message."""
        self.reasons += [f"model {model.name} failed" for model in build.failed_models]
        self.reasons += [f"check {check.name} failed" for check in build.failed_checks()]

    def take_error(self, error: Exception | KeyboardInterrupt) -> None:
        """Take the error that ended the command over into the ending's message."""
        if isinstance(error, KeyboardInterrupt) or was_interrupted(error):
            self.code, self.reasons = ExitCode.FAILED, ["it was stopped, by SIGTERM or Ctrl-C"]
            return
        self.code, message = reason(error)
        if isinstance(error.__cause__, IntercomError):
            message = shown(error.__cause__)
        elif isinstance(error, (Stop, ConfigurationError)) and error.__cause__ is None:
            message = without_given_values(message)
        elif isinstance(error, (Stop, ConfigurationError, *DESTINATION_ERRORS)):
            message = without_values(message)
        else:
            message = f"{type(error).__name__}; the log of the run says more"  # the words of a defect may quote rows
        self.reasons = [message]

    def occasions(self, failing_since: int | None) -> set[Occasion]:
        """Return what the message is sent for, given since when (unix seconds) the command has been failing.

        A recovery is a success, too.
        """
        if self.code is not ExitCode.DONE:
            return {"failure"}
        return {"success"} if failing_since is None else {"recovery", "success"}

    def text(self, failing_since: int | None) -> str:
        """Return the message about a command's end, in lines for the chat."""
        subject = f"intercom-elt {self.command}"
        if self.code is not ExitCode.DONE:
            head = f"{subject} failed on {self.target}: {MEANINGS[self.code]} (exit code {self.code})."
            more = len(self.reasons) - MOST_LINES
            lines = [f"• {one}" for one in self.reasons[:MOST_LINES]]
            return "\n".join([head, *lines, *([f"… and {more} more"] if more > 0 else [])])
        facts = f" ({self.facts})" if self.facts else ""
        if failing_since is None:
            return f"{subject} is complete on {self.target}{facts}."
        since = datetime.fromtimestamp(failing_since, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"{subject} works again on {self.target}, after failing since {since}{facts}."


def shown(error: IntercomError) -> str:
    """Return an error for the message to a chat, without the server's own words, which may repeat the request.

    What we say of an answer may quote a record; the advice is all ours.
    """
    failure = error.failure if error.failure.status is None else replace(error.failure, message=None)
    return f"{without_values(str(failure)).rstrip('.')}. {without_given_values(error.advice)}"
