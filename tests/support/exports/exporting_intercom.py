"""A workspace whose only content is what its export jobs give."""

import io
import zipfile
from email.utils import formatdate

from tests.support.exports.mailing import DAY_SECONDS, NOW_AT, Copy, day
from tests.support.network.loopback import Loopback, Reply

RECEIPT = f"receipt_id,received_at,email,mood,first_wink\n1,{NOW_AT},a@example.org,sad,{NOW_AT + 5}\n"


class Intercom:
    """A workspace whose export jobs give `files`; polls and downloads have `fates` and `troubles` first."""

    def __init__(self, files, night=0, *, began_at=NOW_AT - 20 * DAY_SECONDS, troubles=(), fates=()):
        self.files = files
        self.now_at = NOW_AT + night * DAY_SECONDS
        self.began_at = began_at
        self.troubles = list(troubles)
        self.fates = list(fates)
        self.created = []
        self.last_fate = {"job_identifier": "job", "status": "completed"}

    def __call__(self, request):
        if request.path == "/me":
            app = {"type": "app", "id_code": "abc", "name": "T", "created_at": self.began_at}
            return Reply({"type": "admin", "app": app}, headers={"Date": formatdate(self.now_at, usegmt=True)})
        if request.path.startswith("/download/"):
            return self.troubles.pop(0) if self.troubles else Reply(self.zipped())
        if request.method == "POST":
            self.created.append(request.body)
            return {"job_identifier": f"job{len(self.created)}", "status": "pending", "download_url": ""}
        return self.fates.pop(0) if self.fates else self.last_fate

    def zipped(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in self.files.items():
                archive.writestr(f"{name}_{day(self.now_at):%Y%m%d}_120000.csv", content)
        return buffer.getvalue()


def export(intercom, into=None, **settings):
    """Export from an `Intercom` once, into a copy of its own or one given, and return the copy's rows."""
    with Loopback(intercom) as server:
        server.token = "any"  # noqa: S105 - nobody looks at it
        made = into or Copy(server)
        made.server = server
        made.run(**settings)
        return made.rows
