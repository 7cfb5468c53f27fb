"""What is wrong with settings that dlt reads, in words with the names that a person writes."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

_FIELD = re.compile(r"for field `(\w+)`[^\n]*\n\s*\(Environment Variables, (DESTINATION__\w+)\)")
_FILE = re.compile(r"'([^']+\.toml)'")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def missing_settings(said: str, fields: Iterable[str]) -> str:
    """Return which settings dlt failed to find, and where they belong, from its error."""
    found = [(name, variable) for name, variable in _FIELD.findall(said) if variable.endswith(f"__{name.upper()}")]
    if not found:
        return f"{', '.join(fields)}. Put them into .dlt/secrets.toml, under [destination.NAME.credentials]"
    section = ".".join(found[0][1].lower().split("__")[:-1])
    names = ", ".join(dict.fromkeys(name for name, _ in found))
    return f"{names}. Put them under [{section}] in .dlt/secrets.toml, or in the environment, such as {found[0][1]}"


def broken_file(said: str) -> str | None:
    """Return which of the settings files that dlt names failed to be read, and why; None if all can."""
    return next(filter(None, map(_broken, map(Path, _FILE.findall(said)))), None)


def _broken(file: Path) -> str | None:
    try:
        content = file.read_bytes()
        if content.startswith(BYTE_ORDER_MARK):
            return f"{file} begins with a byte order mark: save it as UTF-8 without one"
        tomllib.loads(content.decode())
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return f"{file} is not UTF-8"
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    except tomllib.TOMLDecodeError as error:
        return f"{file} is not valid TOML: {error}"
    return None
