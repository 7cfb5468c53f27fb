"""Every question of docs/cookbook.md is one SELECT that runs on the models as they are."""

import re
from pathlib import Path

from tests.support.warehouse.workspace_story import tell
from transforms.runner.model_graph.shipped_models import read_models

COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook.md"
QUESTIONS = re.findall(
    r"^## (.+?)\n\n```sql\n(.+?)\n```", COOKBOOK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def test_there_are_twenty_questions_and_each_reads_one_mart():
    assert len(QUESTIONS) == 20
    for question, sql in QUESTIONS:
        assert len(set(re.findall(r"\bfrom ((?:fct|dim)_\w+)", sql))) == 1, question


def test_every_answer_has_the_columns_that_the_page_shows(house):
    tell(house.raw, 7)
    assert not house.build().failed_models
    shown = re.findall(r"```text\n(.+?)\n", COOKBOOK.read_text(encoding="utf-8"))
    assert len(shown) == len(QUESTIONS)
    with house.client as client:
        for (question, sql), heading in zip(QUESTIONS, shown, strict=True):
            marts = re.sub(r"\bfrom ((?:fct|dim)_)", rf"from {house.datasets.marts}.\1", sql)
            with client.execute_query(marts) as cursor:
                assert [column[0] for column in cursor.description] == heading.split(), question


def test_what_is_unknown_is_not_the_largest_on_any_warehouse():
    """PostgreSQL and others begin a descending order with NULL: a column never is, or is last."""
    counted = {"questions", "handovers", "tickets"}  # by the question itself
    meanings = {model.name: model.meanings for model in read_models()}
    for question, sql in QUESTIONS:
        (mart,) = set(re.findall(r"\bfrom ((?:fct|dim)_\w+)", sql))
        for column in set(re.findall(r"(\w+) desc(?! nulls last)", sql)) - counted:
            assert "NULL" not in meanings[mart][column], question
