-- error: In every state, today's backlog is yesterday's plus what entered the state minus what left it.
with

stock as (
    select
        day,
        state,
        sum(count_conversations) as count_conversations,
        coalesce(lag(sum(count_conversations)) over (partition by state order by day), 0) as count_before
    from fct_backlog_daily
    group by day, state
),

-- counted from the spans themselves, of which the backlog is a picture at midnight
moves as (
    select local_slots.day, int_state_spans.state, 1 as moved
    from int_state_spans
    cross join build_clock
    inner join local_slots on cast(floor(int_state_spans.from_epoch / 900) as bigint) = local_slots.slot_id
    where int_state_spans.from_epoch <= build_clock.now_epoch
    union all
    select local_slots.day, int_state_spans.state, -1 as moved
    from int_state_spans
    cross join build_clock
    inner join local_slots on cast(floor(int_state_spans.to_epoch / 900) as bigint) = local_slots.slot_id
    where int_state_spans.to_epoch <= build_clock.now_epoch
),

flows as (
    select day, state, sum(moved) as moved
    from moves
    group by day, state
)

select stock.day, stock.state
from stock
left join flows on stock.day = flows.day and stock.state = flows.state
where stock.count_conversations <> stock.count_before + coalesce(flows.moved, 0)
