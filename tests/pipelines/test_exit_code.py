"""Exit codes: which of several wins."""

from pipelines.exit_code import ExitCode, worst


def test_the_worst_exit_code_is_of_what_has_to_be_put_right_first():
    """A failed check is the mildest: everything is loaded."""
    assert worst([]) is ExitCode.DONE
    assert worst([ExitCode.DONE, ExitCode.CHECK_FAILED]) is ExitCode.CHECK_FAILED
    assert worst([ExitCode.FAILED, ExitCode.CHECK_FAILED, ExitCode.DONE]) is ExitCode.FAILED
    assert worst([ExitCode.FAILED, ExitCode.WRONG_USE]) is ExitCode.WRONG_USE
