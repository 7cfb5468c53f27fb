-- error: Conversations are opened and closed in the backlog as often as their states say.
with

expected as (
    select
        sum(case when int_state_spans.previous_state is null then 1 else 0 end) as count_opened,
        sum(case when int_state_spans.state = 'closed' then 1 else 0 end) as count_closed
    from int_state_spans
    cross join build_clock
    inner join local_slots on cast(floor(int_state_spans.from_epoch / 900) as bigint) = local_slots.slot_id
    where int_state_spans.from_epoch <= build_clock.now_epoch
),

found as (
    select sum(count_opened) as count_opened, sum(count_closed) as count_closed from fct_backlog_daily
)

select expected.count_opened, expected.count_closed
from expected
cross join found
where expected.count_opened <> found.count_opened or expected.count_closed <> found.count_closed
