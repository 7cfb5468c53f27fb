-- error: The owned seconds of all weeks are the seconds in which conversations were open and assigned to a teammate.
with

found as (
    select coalesce(sum(owned_seconds), 0) as seconds from fct_teammate_weekly
),

first_days as (
    select min(starts_at_epoch) as starts_at_epoch from calendar_days
),

handled as (
    select int_assignment_spans.open_seconds as seconds
    from int_assignment_spans
    inner join fct_conversations on int_assignment_spans.conversation_id = fct_conversations.conversation_id
    where
        int_assignment_spans.admin_id is not null
        and fct_conversations.created_on is not null
        and fct_conversations.has_all_parts
    union all
    -- of one from before the calendar, what it shows: from its first day on, or from when it was assigned later
    select
        case when spans.to_epoch <= build_clock.now_epoch then spans.to_epoch else build_clock.now_epoch end
        - case
            when spans.from_epoch > first_days.starts_at_epoch then spans.from_epoch else first_days.starts_at_epoch
        end as seconds
    from int_status_spans as spans
    cross join build_clock
    cross join first_days
    inner join fct_conversations on spans.conversation_id = fct_conversations.conversation_id
    where
        spans.state = 'open'
        and spans.admin_id is not null
        and fct_conversations.created_on is null
        and fct_conversations.has_all_parts
        and spans.from_epoch < build_clock.now_epoch
        and coalesce(spans.to_epoch > first_days.starts_at_epoch, true)
),

expected as (
    select coalesce(sum(seconds), 0) as seconds from handled
)

select found.seconds, expected.seconds as seconds_expected
from found
cross join expected
where found.seconds <> expected.seconds
