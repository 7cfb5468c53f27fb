-- error: Every schedule has every quarter of an hour once, and its open seconds never shrink.
with

neighbours as (
    select
        schedule_id,
        slot_id,
        clock_offset_seconds + is_open * 900 * slot_id as begins_at_seconds,
        lag(slot_id) over (partition by schedule_id order by slot_id) as previous_slot_id,
        lag(clock_offset_seconds + is_open * 900 * (slot_id + 1))
            over (partition by schedule_id order by slot_id) as previous_ends_at_seconds
    from business_slots
)

select schedule_id, slot_id
from neighbours
where slot_id <> previous_slot_id + 1 or begins_at_seconds <> previous_ends_at_seconds
