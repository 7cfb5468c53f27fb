-- One row per day on which changed conversations show in the figures of days, weeks and months: before they are built anew, and after.
with

moments as (
    select created_at_epoch as at_epoch from fct_conversations
    union all
    select first_close_at_epoch as at_epoch from fct_conversations
    union all
    select first_reply_at_epoch as at_epoch from fct_conversations
    union all
    select rated_at_epoch as at_epoch from fct_conversations
    union all
    select at_epoch from int_events
),

slots as (
    select distinct cast(floor(at_epoch / 900) as bigint) as slot_id
    from moments
    where at_epoch is not null
),

weeks as (
    select
        week_start,
        min(day) as day,
        min(starts_at_epoch) as starts_at_epoch,
        max(ends_at_epoch) as ends_at_epoch
    from calendar_days
    group by week_start
)

select local_slots.day
from slots
inner join local_slots on slots.slot_id = local_slots.slot_id
union
-- the time that a teammate had an open conversation counts in each of its weeks
select weeks.day
from int_status_spans
cross join build_clock
inner join weeks
    on int_status_spans.from_epoch < weeks.ends_at_epoch
    and coalesce(int_status_spans.to_epoch, build_clock.now_epoch) > weeks.starts_at_epoch
where int_status_spans.state = 'open' and int_status_spans.admin_id is not null
