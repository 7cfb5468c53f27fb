"""The catalogue of marts, written from the models themselves: `docs/models.md`."""

from collections.abc import Iterator

from transforms.runner.model_graph.model import MARTS, Model
from transforms.runner.model_graph.shipped_models import read_models

HEAD = """# Models

Every mart, written by `python -m transforms.models_page` from the SQL in [`transforms/models/`](../transforms/models).
Marts are in the dataset `intercom`, what they are made of in `intercom_staging`. The same sentences are comments in the
database. Twenty questions with their SQL and rows are in [cookbook.md](cookbook.md), definitions against Intercom's own
in [metrics.md](metrics.md).

Names say what is in a column: durations end in `_seconds` (with `_business_` before it, those of office hours), times
in `_at` (UTC), days in `_on` (the workspace's time zone), ids in `_id`; truths begin with `is_`, `has_` or `was_`,
counts with `count_`. NULL means that there is nothing to say: not answered yet, not closed yet, not known.

`dim_contact_attributes`, `dim_company_attributes` and `dim_conversation_attributes` are not listed: they have a column
for each custom attribute that your workspace declares, and the object's id. Its name is in lower case, with `_` for
other characters (a second one alike ends in `_2`); values of another type than the declared one are in `NAME_text`.
The comment of each column in the database has the attribute's own name and type.
"""


def catalogue() -> str:
    """Return the page about the models, `docs/models.md`, as Markdown."""
    marts = [model for model in read_models() if model.kind == MARTS]
    lines = [HEAD, "| mart | answers, for example |", "|---|---|"]
    lines += [f"| [{mart.name}](#{mart.name}) | {mart.question} |" for mart in marts]
    for mart in marts:
        lines += ["", *_section(mart)]
    return "\n".join(lines) + "\n"


def _section(mart: Model) -> Iterator[str]:
    yield f"## {mart.name}"
    yield ""
    yield mart.headline
    yield ""
    yield f"For example: *{mart.question}*"
    yield ""
    yield "| column | meaning |"
    yield "|---|---|"
    yield from (f"| {name} | {meaning.replace('|', '&#124;')} |" for name, meaning in mart.meanings.items())


if __name__ == "__main__":
    import sys

    sys.stdout.write(catalogue())
