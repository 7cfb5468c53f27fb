"""The report on a resource says how all of it ended, however many chunks were read."""

from sources.intercom.api.errors import Failure, IntercomError
from sources.intercom.reading.resource_report import ResourceReport


def test_a_resource_that_has_failed_stays_failed_whatever_else_is_read_of_it():
    report = ResourceReport("audit_contacts")
    report.start()
    report.fail(IntercomError(Failure("GET", "/contacts/1", 500)))
    report.start()
    report.stop("read")
    report.loaded()
    assert report.status == "failed"
