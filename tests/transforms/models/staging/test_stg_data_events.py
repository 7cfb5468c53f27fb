"""stg_data_events and stg_activity_logs: what contacts and teammates did."""

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC


def test_events_of_a_deleted_contact_are_left_out(house):
    for name in ("u1", "u2"):
        house.raw.add("data_events", id=f"e-{name}", contact_id=name, event_name="paid", created_at=NOON)
    house.raw.add("activity_logs", id="l1", activity_type="admin_login", performed_by__id="a1", created_at=NOON)
    house.raw.add("deleted_records", entity="contacts", id="u2")
    assert house.answer("stg_data_events", "event_id, event_name, created_at_epoch") == [("e-u1", "paid", NOON)]
    assert house.answer("stg_activity_logs", "activity_type, performed_by_admin_id") == [("admin_login", "a1")]
