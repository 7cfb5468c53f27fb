"""Raw tables that change as syncs change them, for models that are kept up and models that are built in full."""

import random

import sqlglot

from tests.support.warehouse.house import NOW
from tests.support.warehouse.raw_tables import RawRows, literal
from tests.support.warehouse.workspace_story import DAY, tell, tell_conversation
from transforms import Datasets
from transforms.runner.model_graph.shipped_models import read_models
from transforms.seeds.settings import parse_settings

FULL = Datasets(staging="full_staging", marts="full_marts")
TABLES = [model for model in read_models() if model.kind in ("intermediate", "marts")]
LISTS = ("conversation_parts", "conversation_contacts", "conversation_tags", "conversation_linked_objects")
SETTINGS = parse_settings(
    {"schedules": {"default": {"monday": ["09:00-12:15"]}, "late": {"teams": ["t1"], "monday": []}}}
)
NUDGES = [
    ("title", "'another one'"),
    ("state", "'open'"),
    ("state", "'closed'"),
    ("source__type", "'email'"),
    ("source__delivered_as", "'customer_initiated'"),
    ("source__delivered_as", "'admin_initiated'"),
    ("source__delivered_as", "'operator_initiated'"),
    ("source__author__id", "'c1'"),
    ("team_assignee_id", "'t1'"),
    ("admin_assignee_id", "'a1'"),
    ("conversation_rating__rating", "5"),
    ("conversation_rating__teammate__id", "'a2'"),
    ("ai_agent__resolution_state", "'confirmed_resolution'"),
    ("statistics__count_conversation_parts", "900"),
    ("statistics__count_conversation_parts", "300, waiting_since = created_at + 60"),  # fewer are loaded
    ("created_at", "created_at - 3600"),
    ("created_at", "created_at - 1000000"),
]


class ChangingWorkspace:
    """Raw tables that change, and two sets of models of them: one kept up, one built in full."""

    def __init__(self, house, seed, conversations=40):
        self.house = house
        self.draw = random.Random(seed)
        self.now_epoch = NOW
        self.settings = None
        self._conversations = conversations
        self._loads = 0
        tell(house.raw, seed, conversations)
        house.load()

    def execute(self, *statements):
        for statement in statements:
            self.house.execute(sqlglot.transpile(statement, read="duckdb", write=self.house.dialect)[0])

    def loads(self, conversation_id):
        """The conversation is read again, and much of it has changed."""
        self._loads += 1
        self.execute(f"delete from intercom_raw.conversations where id = '{conversation_id}'")
        self.execute(
            *(f"delete from intercom_raw.{name} where conversation_id = '{conversation_id}'" for name in LISTS)
        )
        rows = RawRows(first_number=100_000 * self._loads)
        tell_conversation(rows, self.draw, conversation_id)
        self.execute(*rows.inserts("intercom_raw"))
        self.rewrites(conversation_id)

    def rewrites(self, conversation_id):
        """The conversation is read again, and is what it was."""
        self._loads += 1
        load_id = literal(f"load {self._loads}")
        self.execute(
            f"update intercom_raw.conversations set _dlt_load_id = {load_id} where id = '{conversation_id}'",
            f"update intercom_raw.conversation_parts set _dlt_load_id = {load_id} "
            f"where conversation_id = '{conversation_id}'",
        )

    def nudges(self, conversation_id):
        """The conversation is read again, and one thing about it is another one."""
        self._loads += 1
        column, value = self.draw.choice(NUDGES)
        self.execute(
            f"update intercom_raw.conversations set {column} = {value}, _dlt_load_id = 'load {self._loads}' "
            f"where id = '{conversation_id}'"
        )

    def deletes(self, entity, record_id):
        self.execute(
            f"delete from intercom_raw.deleted_records where entity = '{entity}' and id = '{record_id}'",
            f"insert into intercom_raw.deleted_records (entity, id) values ('{entity}', '{record_id}')",
        )

    def merges(self, contact, survivor):
        self.deletes("contacts", contact)
        self.execute(
            f"update intercom_raw.deleted_records set merged_into_id = '{survivor}' "
            f"where entity = 'contacts' and id = '{contact}'"
        )

    def brings_back(self, entity):
        self.execute(f"delete from intercom_raw.deleted_records where entity = '{entity}'")

    def moves_contact(self):
        contact, company = self.draw.choice(("c1", "c2", "c3")), self.draw.choice(("k1", "k2"))
        self.execute(
            f"delete from intercom_raw.contact_companies where contact_id = '{contact}'",
            f"insert into intercom_raw.contact_companies (contact_id, company_id) values ('{contact}', '{company}')",
        )

    def changes(self):
        """Something of everything that a sync may bring."""
        for _ in range(self.draw.randrange(1, 5)):
            self.loads(str(self.draw.randrange(self._conversations + 5)))
        self.rewrites(str(self.draw.randrange(self._conversations)))
        for _ in range(self.draw.randrange(4)):
            self.nudges(str(self.draw.randrange(self._conversations)))
        self.deletes("conversations", self.draw.randrange(self._conversations))
        if self.draw.random() < 0.3:
            self.brings_back("conversations")
        self.moves_contact()
        self.deletes("contacts", self.draw.choice(("c1", "c2", "c3")))
        self.merges(*self.draw.choice((("c2", "c3"), ("c3", "c1"))))
        if self.draw.random() < 0.7:
            self.brings_back("contacts")
        self.execute(f"delete from intercom_raw.admins where id = 'a{self.draw.randrange(9)}'")
        self.execute("delete from intercom_raw.tags", "insert into intercom_raw.tags (id, name) values ('vip', 'VIP')")
        self.now_epoch += self.draw.choice((0, 60, 3600, DAY, 8 * DAY, -DAY))
        if self.draw.random() < 0.2:
            self.settings = SETTINGS

    def build(self, select=None, **options):
        side_by_side = {"patience_seconds": 0.0}
        options = {"now_epoch": self.now_epoch, "settings": self.settings, **side_by_side, **options}
        report = self.house.build(select, **options)
        assert report.failed_models == []
        return report

    def expect_equal_after_changes(self, rounds):
        self.build()
        for _ in range(rounds):
            self.changes()
            self.build()
            self._expect_equal()

    def _expect_equal(self):
        """Build in full beside the other, and compare every table row for row."""
        kept, self.house.datasets = self.house.datasets, FULL
        try:
            report = self.build(full=True)
        finally:
            self.house.datasets = kept
        made = {model.name for model in report.models}
        differing = {model.name: rows for model in TABLES if model.name in made and (rows := self._differing(model))}
        assert differing == {}

    def _differing(self, model):
        kept, full = (f"{each.of_kind(model.kind)}.{model.name}" for each in (self.house.datasets, FULL))
        missing = f"select * from {full} except all select * from {kept}"
        extra = f"select * from {kept} except all select * from {full}"
        return self.house.execute(f"({missing}) union all ({extra})")[:3]
