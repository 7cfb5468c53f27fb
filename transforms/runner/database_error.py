"""What a database complains of, in one line: its reason and what it names, without the values of rows."""

import re

VALUES = (
    (re.compile(r'(duplicate key )".*"', re.DOTALL | re.IGNORECASE), r"\1"),
    (re.compile(r"(Could not convert string )'.*?'(?= to)", re.DOTALL), r"\1"),
    (re.compile(r"(invalid input syntax for type [\w ]+: ).*", re.DOTALL), r"\1…"),
    (re.compile(r'(key ")[^"]*?: [^"]*(")'), r"\1…\2"),
)


def complaint(error: BaseException) -> str:
    """Return the database's own words of an error, in one line.

    Of PostgreSQL: the message, what it is about and the hint; its DETAIL may quote a row, unless it names dependent
    objects.
    """
    own = getattr(error, "dbapi_exception", error)
    diagnosis = getattr(own, "diag", None)
    if diagnosis is not None and diagnosis.message_primary:
        return _one_line(*_of_postgres(diagnosis))
    text = str(own)
    for pattern, replacement in VALUES:
        text = pattern.sub(replacement, text)
    return _one_line(text)


def _of_postgres(diagnosis: object) -> list[str]:
    said = {name: str(getattr(diagnosis, name, None) or "") for name in ("message_primary", "message_hint")}
    primary = said["message_primary"]
    for pattern, replacement in VALUES:
        primary = pattern.sub(replacement, primary)
    names = [str(getattr(diagnosis, name, None) or "") for name in ("schema_name", "table_name", "constraint_name")]
    place = ".".join(name for name in names[:2] if name)
    about = [f"(table {place})"] if place and place not in primary else []
    detail = str(getattr(diagnosis, "message_detail", None) or "")
    # Classes 2B and 0A say what depends on something: names, not rows.
    is_about_names = str(getattr(diagnosis, "sqlstate", "")) in {"2BP01", "0A000", "42501"}
    return [primary, *about, *([detail] if is_about_names else []), said["message_hint"] if is_about_names else ""]


def _one_line(*parts: str) -> str:
    return " ".join(" ".join(parts).split())
