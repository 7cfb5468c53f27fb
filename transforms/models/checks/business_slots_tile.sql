-- error: Every schedule has every quarter of an hour once, and its open seconds never shrink.
with

neighbours as (
    select
        schedule_id,
        slot_id,
        is_open,
        open_seconds_before,
        lag(slot_id) over (partition by schedule_id order by slot_id) as previous_slot_id,
        lag(open_seconds_before + 900 * is_open) over (partition by schedule_id order by slot_id) as expected_seconds
    from business_slots
)

select schedule_id, slot_id
from neighbours
where slot_id <> previous_slot_id + 1 or open_seconds_before <> expected_seconds
