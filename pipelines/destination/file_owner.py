"""Files that are made beside the data, or in its place, belong to whom the data belongs."""

import os
from contextlib import suppress
from pathlib import Path


def give_to_owner_of(data: Path, file: Path) -> bool:
    """Give a file the owner and group of the data, as far as this user may; return True if it has its group now.

    Only root can give it to somebody else; a member of the group can give it to that.
    """
    of_data, of_file = data.stat(), file.stat()
    if of_file.st_uid != of_data.st_uid:
        with suppress(PermissionError):
            os.chown(file, of_data.st_uid, -1)
    if of_file.st_gid != of_data.st_gid:
        with suppress(PermissionError):
            os.chown(file, -1, of_data.st_gid)
    return file.stat().st_gid == of_data.st_gid
