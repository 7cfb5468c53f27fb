-- error: Conversations are opened and closed in the backlog as often as their states say.
with

parts_of_expected as (
    select
        sum(
            case
                when int_state_spans.is_first_opening then 1
                when int_state_spans.previous_state is null and int_state_spans.state <> 'closed' then 1
                else 0
            end
        ) as count_opened,
        sum(case when int_state_spans.state = 'closed' and int_state_spans.span > 1 then 1 else 0 end) as count_closed
    from int_state_spans
    cross join build_clock
    inner join qa_conversation_completeness as completeness
        on int_state_spans.conversation_id = completeness.conversation_id and not completeness.is_truncated_at_500
    inner join local_slots on cast(floor(int_state_spans.from_epoch / 900) as bigint) = local_slots.slot_id
    where int_state_spans.from_epoch <= build_clock.now_epoch
    union all
    -- those of which parts are missing begin later
    select
        sum(case when spans.previous_state is null and spans.state <> 'closed' then 1 else 0 end) as count_opened,
        sum(case when spans.previous_state <> 'closed' and spans.state = 'closed' then 1 else 0 end) as count_closed
    from int_status_spans as spans
    cross join build_clock
    inner join qa_conversation_completeness as completeness
        on spans.conversation_id = completeness.conversation_id and completeness.is_truncated_at_500
    inner join local_slots on cast(floor(spans.from_epoch / 900) as bigint) = local_slots.slot_id
    where spans.from_epoch <= build_clock.now_epoch
),

expected as (
    select
        sum(coalesce(count_opened, 0)) as count_opened,
        sum(coalesce(count_closed, 0)) as count_closed
    from parts_of_expected
),

found as (
    select sum(count_opened) as count_opened, sum(count_closed) as count_closed from fct_backlog_daily
)

select expected.count_opened, expected.count_closed
from expected
cross join found
where expected.count_opened <> found.count_opened or expected.count_closed <> found.count_closed
