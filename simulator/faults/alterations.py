"""Real answers in which something is not as it was."""

from typing import Any

import orjson

from simulator.record import Record


def cut(answer: Record, total_count: int | None) -> Record:
    """Alter a page of a list: no link to the next one, and this count of records where one is given."""
    if "scroll_param" in answer:
        answer["data"] = []
    elif isinstance(answer.get("pages"), dict):
        answer["pages"].pop("next", None)
    if total_count is not None:
        answer["total_count"] = total_count
    return answer


def repeated(answer: Record) -> Record:
    """Alter a page of a list: one record comes twice and another one is hidden."""
    for records in answer.values():
        if isinstance(records, list) and records:
            records[-1] = records[0]
    return answer


def altered(answer: Record, places: dict[str, str]) -> bytes:
    """Alter the answer: a text, which need not be JSON, in each place; names and numbers lead there (`data.0.id`)."""
    texts: dict[bytes, bytes] = {}
    for at, text in places.items():
        *above, last = at.split(".")
        holder: Any = answer
        for step in above:
            holder = _inside(holder, step)
        mark = f"altered place {len(texts)}, 5c1f"
        if isinstance(holder, dict):
            holder[last] = mark
        elif _inside(holder, last) is not None:
            holder[int(last)] = mark
        texts[orjson.dumps(mark)] = text.encode()
    content = orjson.dumps(answer)
    for marked, encoded in texts.items():
        content = content.replace(marked, encoded, 1)
    return content


def _inside(holder: Any, step: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[int(step)] if isinstance(holder, list) and step.isdecimal() and int(step) < len(holder) else None
