-- One row per quarter of an hour (slot_id = floor(epoch / 900)), with the workspace's local day and hour at that moment.
select
    calendar_days.first_slot + slot_numbers.n as slot_id,
    calendar_days.day,
    calendar_days.week_start,
    calendar_days.month_start,
    calendar_days.weekday,  -- 1 Monday to 7 Sunday
    cast(
        floor(
            (
                calendar_days.first_local_slot + slot_numbers.n
                + case when slot_numbers.n >= calendar_days.shift_at_slot then calendar_days.shift_slots else 0 end
            ) / 4
        ) as bigint
    ) as hour
from calendar_days
inner join slot_numbers on slot_numbers.n < calendar_days.count_slots
