"""Stories of one file that are told apart from each other, with people and conversations of their own, and built once.

A test tells its story, yields, and goes on when the stories of all tests are built: `house` is its part of the house.

    MODELS = "+fct_conversations"

    @told_apart
    def test_a_reply_is_counted(house):
        house.raw.conversation("1", NOON).replies(NOON + 60)
        yield
        assert house.answer("fct_conversations", "count_replies") == [(1,)]
"""

from functools import partial

from tests.support.raw_tables import RawRows

ROOM = 10_000  # parts of a story: their order is that of their numbers
# By which column rows are a story's own, where that is not the conversation.
OWNED_BY = {
    "dim_companies": "company_id",
    "dim_contacts": "contact_id",
    "fct_teammate_weekly": "admin_id",
    "fct_tickets": "ticket_id",
    "int_ticket_state_spans": "ticket_id",
}


def told_apart(tell):
    """Let the test be told with the others of its file."""

    def test(stories):
        stories.go_on(tell)

    test.__name__, test.__doc__, test.tell = tell.__name__, tell.__doc__, tell
    return test


class Stories:
    """Every test of a module that is told apart, up to its yield, and what their models have made of them."""

    def __init__(self, house, module):
        self._told = {}
        for number, tell in enumerate(each.tell for each in vars(module).values() if hasattr(each, "tell")):
            apart = Apart(house, number)
            self._told[tell] = tell(apart)
            next(self._told[tell])
            apart.settle()
        report = house.build(module.MODELS)
        assert report.is_ok, [*report.failed_models, *report.failed_checks()]

    def go_on(self, tell):
        assert [*self._told.pop(tell)] == [], "a story is told at once"


class Apart:
    """A house for one story: ids are its own, and so are the rows that it is given."""

    def __init__(self, house, number):
        self._house = house
        self._own = f"{number}-"
        self.raw = RawRows(ROOM * (number + 1))

    def settle(self):
        """Add what was told to the house."""
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
        """Return these columns of the rows that the model has of this story."""
        owner = OWNED_BY.get(model, "conversation_id")
        asked = f"select {columns} from {self._house.place(model)} where {owner} like '{self._own}%'"
        rows = self._house.execute(f"{asked} order by {order}")
        return [tuple(map(partial(_without, self._own), row)) for row in rows]


def _without(own, value):
    return value.removeprefix(own) if isinstance(value, str) else value
