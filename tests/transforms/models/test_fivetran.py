"""The views in Fivetran's shape: its names of tables and columns, one row per id, nothing that is gone."""

import datetime

import pytest

from tests.support.warehouse.house import duckdb_house, held_open

pytestmark = pytest.mark.end_to_end

NOON = 1_714_564_800
HISTORY = " _fivetran_active _fivetran_start _fivetran_end"

# What the public dbt package of Fivetran for Intercom reads.
TABLES = {
    "admin": "id name job_title _fivetran_deleted",
    "team": "id name _fivetran_deleted",
    "team_admin": "admin_id team_id _fivetran_deleted",
    "tag": "id name _fivetran_deleted",
    "conversation_history": "id created_at updated_at assignee_id assignee_type conversation_rating_value "
    "conversation_rating_remark first_contact_reply_created_at first_contact_reply_type read source_author_id "
    "source_author_type source_body source_delivered_as source_subject source_type state waiting_since snoozed_until "
    "sla_name sla_status" + HISTORY,
    "conversation_part_history": "id conversation_id conversation_updated_at part_type body author_id author_type "
    "assigned_to_id assigned_to_type created_at updated_at" + HISTORY,
    "conversation_tag_history": "conversation_id tag_id conversation_updated_at" + HISTORY,
    "conversation_contact_history": "conversation_id contact_id conversation_updated_at" + HISTORY,
    "contact_history": "id admin_id created_at updated_at signed_up_at name role email last_contacted_at "
    "last_email_clicked_at last_email_opened_at last_replied_at unsubscribed_from_emails" + HISTORY,
    "contact_tag_history": "contact_id tag_id contact_updated_at" + HISTORY,
    "contact_company_history": "contact_id company_id contact_updated_at" + HISTORY,
    "company_history": "id name website industry created_at updated_at user_count session_count monthly_spend plan_id "
    "plan_name" + HISTORY,
    "company_tag_history": "company_id tag_id company_updated_at" + HISTORY,
    "article_history": "id collection_id section_id author_id title description body url type state parent_type "
    "default_locale workspace_id statistics_type statistics_views statistics_conversations statistics_reactions "
    "statistics_happy_reaction_percentage statistics_neutral_reaction_percentage statistics_sad_reaction_percentage "
    "created_at updated_at" + HISTORY,
    "collection_history": "id help_center_id parent_id name description url icon type default_locale workspace_id "
    "order created_at updated_at" + HISTORY,
    "help_center_history": "id display_name identifier workspace_id website_turned_on created_at updated_at" + HISTORY,
}


def moment(epoch):
    return datetime.datetime.fromtimestamp(epoch, datetime.UTC)


def rows(house, table, columns="*"):
    return house.execute(f"select {columns} from intercom_fivetran.{table} order by 1, 2")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A house that is only read."""
    folder = tmp_path_factory.mktemp("fivetran")
    house = duckdb_house(folder, "fivetran")
    with held_open(folder / "fivetran.duckdb"):
        fill(house.raw)
        report = house.build(fivetran=True)
        assert report.is_ok, [*report.failed_models, *report.failed_checks()]
        yield house


def fill(raw):
    for name in ("1", "2"):
        raw.add("admins", id=f"a{name}", name=f"Admin {name}", job_title="")
        raw.add("contacts", id=f"u{name}", role="user", owner_id="a1", updated_at=NOON, signed_up_at=NOON * 1000)
        raw.add("companies", id=f"k{name}", name=f"Company {name}", updated_at=NOON, plan__name="gold", monthly_spend=9)
        raw.add("tags", id=f"g{name}", name=f"Tag {name}")
        for contact in ("u1", "u2"):
            raw.add("contact_companies", contact_id=contact, company_id=f"k{name}")
            raw.add("contact_tags", contact_id=contact, tag_id=f"g{name}")
        raw.add("company_tags", company_id="k1", tag_id=f"g{name}")
        story = raw.conversation(
            name,
            NOON,
            waiting_since=NOON * 1000,
            admin_assignee_id=f"a{name}",
            source__body="",
            conversation_rating__rating=4,
            sla_applied__sla_name="gold",
            first_contact_reply__type="email",
            first_contact_reply__created_at=NOON + 1,
        )
        story.replies(NOON + 60, part_id=f"p{name}").part("comment", NOON, ("user", "u1"), "", part_id=f"q{name}")
        raw.add("conversation_tags", conversation_id=name, tag_id="g1")
        raw.add("conversation_contacts", conversation_id=name, contact_id="u1")
        raw.article(name, "c1", at=NOON, views=7, statistics__conversions=2)
        raw.add("collections", id=f"c{name}", name=name, order=3, updated_at=NOON)
    raw.add("teams", id="t1", name="Team")
    raw.add("team_admins", team_id="t1", admin_id="a1")
    raw.add("help_centers", id="h1", display_name="Help", website_turned_on=True)
    for entity, gone in (("conversations", "2"), ("contacts", "u2"), ("companies", "k2"), ("articles", "2")):
        raw.add("deleted_records", entity=entity, id=gone)


def test_every_table_has_the_columns_that_fivetran_has(filled):
    found = filled.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'intercom_fivetran'"
    )
    assert sorted(found) == sorted((table, column) for table, columns in TABLES.items() for column in columns.split())


def test_every_table_has_one_row_per_record_that_exists(filled):
    assert {table: len(rows(filled, table)) for table in TABLES} == {
        "admin": 2,
        "team": 1,
        "team_admin": 1,
        "tag": 2,
        "conversation_history": 1,
        "conversation_part_history": 2,
        "conversation_tag_history": 1,
        "conversation_contact_history": 1,
        "contact_history": 1,
        "contact_tag_history": 2,
        "contact_company_history": 1,
        "company_history": 1,
        "company_tag_history": 2,
        "article_history": 1,
        "collection_history": 2,
        "help_center_history": 1,
    }


def test_values_are_those_of_intercom_under_the_other_names(filled):
    columns = (
        "id, assignee_id, assignee_type, conversation_rating_value, source_body, source_author_id, sla_name, "
        "first_contact_reply_type, first_contact_reply_created_at, created_at, waiting_since"
    )
    assert rows(filled, "conversation_history", columns) == [
        ("1", "a1", "admin", 4, None, "u1", "gold", "email", moment(NOON + 1), moment(NOON), None)
    ]
    columns = "id, conversation_id, body, author_type, created_at, conversation_updated_at"
    assert rows(filled, "conversation_part_history", columns) == [
        ("p1", "1", "<p>like this</p>", "admin", moment(NOON + 60), moment(NOON)),
        ("q1", "1", None, "user", moment(NOON), moment(NOON)),
    ]
    columns = "id, collection_id, section_id, statistics_views, statistics_conversations"
    assert rows(filled, "article_history", columns) == [("1", "c1", None, 7, 2)]
    assert rows(filled, "contact_history", "id, admin_id, signed_up_at") == [("u1", "a1", None)]
    assert rows(filled, "company_history", "id, plan_name, monthly_spend") == [("k1", "gold", 9.0)]
    assert rows(filled, "admin", "id, job_title, _fivetran_deleted") == [("a1", None, False), ("a2", None, False)]


def test_the_only_version_of_a_record_is_the_active_one(filled):
    columns = "contact_id, company_id, contact_updated_at, _fivetran_active, _fivetran_start, _fivetran_end"
    end = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
    assert rows(filled, "contact_company_history", columns) == [("u1", "k1", moment(NOON), True, moment(NOON), end)]


def test_without_being_asked_for_they_are_not_there(house):
    house.build()
    assert house.execute("select 1 from information_schema.schemata where schema_name = 'intercom_fivetran'") == []


def test_they_can_be_built_alone(house):
    report = house.build("conversation_history", fivetran=True)
    assert [result.name for result in report.models if result.kind != "seed"] == ["conversation_history"]
    assert report.is_ok
