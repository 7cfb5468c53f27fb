"""One file of settings as `init` changes it: what the person wrote there stays as it is."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pipelines.exit_code import ExitCode
from pipelines.output_file import write_privately
from pipelines.stop import Stop

OF_OWNER_ONLY = 0o700


class SettingsFile:
    """A file of settings that may not exist yet. Raises Stop if it is not valid TOML.

    Follows a symbolic link instead of replacing it. Only the owner may read what is written.
    """

    def __init__(self, file: Path) -> None:
        self.file = file.resolve()
        try:
            text = self.file.read_bytes().decode() if self.file.exists() else ""  # with the line ends that it has
            self._document = tomlkit.parse(text)
        except (TOMLKitError, UnicodeDecodeError) as error:
            message = f"{self.file} is not valid TOML ({error}); it was left unchanged."
            raise Stop(message, ExitCode.WRONG_USE) from error

    def put(self, section: tuple[str, ...], setting: str, value: str) -> bool:
        """Put a setting into a section of the file, in memory alone; True if that replaces another value.

        Raises Stop if there is a value where the section belongs.
        """
        table: Any = self._document
        for name in section:
            table = table.setdefault(name, tomlkit.table(is_super_table=name != section[-1]))
            if not isinstance(table, MutableMapping):
                message = f"{self.file}: {name} has a value where [{'.'.join(section)}] belongs; it was left unchanged."
                raise Stop(message, ExitCode.WRONG_USE)
        is_other: bool = table.get(setting, value) != value
        table[setting] = value
        return is_other

    def write(self) -> None:
        """Write the file with its new settings; every other line is as it was."""
        self.file.parent.mkdir(mode=OF_OWNER_ONLY, parents=True, exist_ok=True)
        write_privately(self.file, tomlkit.dumps(self._document))
