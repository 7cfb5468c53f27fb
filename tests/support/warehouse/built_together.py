"""Stories of one file that have people and conversations of their own, so that one build serves them all.

A test tells its story, yields, and goes on once the stories of all tests of its file are built: `house` is its part of
the house.

    MODELS = "+fct_conversations"

    @built_together
    def test_a_reply_is_counted(house):
        house.raw.conversation("1", NOON).replies(NOON + 60)
        yield
        assert house.answer("fct_conversations", "count_replies") == [(1,)]
"""

from functools import partial

from tests.support.warehouse.raw_tables import RawRows
from transforms.runner.dialects.sql_text import filled, text_of
from transforms.runner.model_graph.shipped_models import read_models

ROOM = 10_000  # parts of a story: their order is that of their numbers
# By which column rows are a story's own, where that is not the conversation.
OWNED_BY = {
    "dim_companies": "company_id",
    "dim_contacts": "contact_id",
    "fct_help_center_coverage": "collection_id",
    "fct_message_engagement": "content_id",
    "fct_support_daily": "team_id",
    "fct_teammate_weekly": "admin_id",
    "fct_tickets": "ticket_id",
    "int_ticket_state_spans": "ticket_id",
}


def built_together(story):
    """Let the test be told, and built, with the others of its file."""

    def test(stories):
        stories.check(story)

    test.__name__, test.__doc__, test.story = story.__name__, story.__doc__, story
    return test


class Stories:
    """Every story of a module, told up to its yield, and what their models have made of them."""

    def __init__(self, house, module):
        stories = [each.story for each in vars(module).values() if hasattr(each, "story")]
        self._names = {f"{number}-": story.__name__ for number, story in enumerate(stories)}
        self._begun = {}
        for own, story in zip(self._names, stories, strict=True):
            part = StoryHouse(house, own)
            self._begun[story] = story(part)
            next(self._begun[story])
            part.move_in()
        report = house.build(module.MODELS)
        assert not report.failed_models, report.failed_models
        failed = {check.name: check.claim for check in report.failed_checks()}
        found = ((name, row) for name in failed for row in failing_rows(house, name) or [()])
        self._broken = [(self._whose(row), f"{failed[name]} {name} finds {row}") for name, row in found]

    def check(self, story):
        """Go on with this story; fail where a check has failed for it, or for a row that is no story's own."""
        broken = [found for whose, found in self._broken if whose in (story.__name__, None)]
        assert not broken, "\n".join(broken)
        assert [*self._begun.pop(story)] == [], "a story yields once"

    def _whose(self, row):
        """Return the name of the story that has an id in the row; None where no story's own is in it."""
        names = (name for own, name in self._names.items() for value in row if str(value).startswith(own))
        return next(names, None)


def failing_rows(house, name):
    """Return the rows that the check finds."""
    (check,) = (model for model in read_models() if model.name == name)
    return house.execute(filled(text_of(check.query, house.dialect), house.place))


class StoryHouse:
    """A house for one story: what ids begin with is its own, and so are the rows that it is given."""

    def __init__(self, house, own):
        self._house = house
        self._own = own
        self.raw = RawRows(ROOM * (int(own.removesuffix("-")) + 1))

    def move_in(self):
        """Add what was told to the raw rows of the house."""
        for table, rows in self.raw.tables.items():
            self._house.raw.tables[table] += [
                {name: self._made_own(table, name, value) for name, value in row.items()} for row in rows
            ]

    def _made_own(self, table, column, value):
        is_id = column == "id" or column.endswith("_id")
        is_of_part = column == "conversation_part_id" or (column == "id" and table.endswith("_parts"))
        is_nobody = value is None or (value == "0" and column.endswith(("assignee_id", "by_id", "__id")))
        return f"{self._own}{value}" if is_id and not is_of_part and not is_nobody else value

    def answer(self, model, columns, order="1"):
        """Return these columns of the rows that the model, which is built, has of this story."""
        owner = OWNED_BY.get(model, "conversation_id")
        asked = f"select {columns} from {self._house.place(model)} where {owner} like '{self._own}%'"
        rows = self._house.execute(f"{asked} order by {order}")
        return [tuple(map(partial(_without, self._own), row)) for row in rows]


def _without(own, value):
    return value.removeprefix(own) if isinstance(value, str) else value
