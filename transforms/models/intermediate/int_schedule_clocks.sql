-- One row per schedule: what its clock of business seconds shows now.
select
    business_slots.schedule_id,
    build_clock.now_epoch,
    business_slots.clock_offset_seconds + business_slots.is_open * build_clock.now_epoch as now_business_clock_seconds
from build_clock
inner join business_slots on cast(floor(build_clock.now_epoch / 900) as bigint) = business_slots.slot_id
