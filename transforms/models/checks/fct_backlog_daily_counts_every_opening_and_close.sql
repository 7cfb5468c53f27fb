-- error: Conversations are opened and closed in the backlog as often as their states say.
with

truncated as (
    select conversation_id from qa_conversation_completeness
    where is_truncated_at_500
),

-- of all that has happened, what the calendar has a day for
bounds as (
    select
        min(calendar_days.starts_at_epoch) as starts_at_epoch,
        max(
            case
                when calendar_days.ends_at_epoch <= build_clock.now_epoch then calendar_days.ends_at_epoch
                else build_clock.now_epoch + 1
            end
        ) as ends_at_epoch
    from calendar_days
    cross join build_clock
),

-- those of which parts are missing begin later
beginnings as (
    select
        int_state_spans.from_epoch,
        case
            when int_state_spans.is_first_opening then 1
            when int_state_spans.previous_state is null and int_state_spans.state <> 'closed' then 1
            else 0
        end as is_opening,
        case when int_state_spans.state = 'closed' and int_state_spans.span > 1 then 1 else 0 end as is_close
    from int_state_spans
    where int_state_spans.conversation_id not in (select conversation_id from truncated)
    union all
    select
        spans.from_epoch,
        case when spans.previous_state is null and spans.state <> 'closed' then 1 else 0 end as is_opening,
        case when spans.previous_state <> 'closed' and spans.state = 'closed' then 1 else 0 end as is_close
    from int_status_spans as spans
    inner join truncated on spans.conversation_id = truncated.conversation_id
),

-- nothing is left out before it is counted: the database would expect next to no rows, and join those below badly
expected as (
    select
        sum(case when from_epoch >= bounds.starts_at_epoch and from_epoch < bounds.ends_at_epoch then is_opening else 0 end)
            as count_opened,
        sum(case when from_epoch >= bounds.starts_at_epoch and from_epoch < bounds.ends_at_epoch then is_close else 0 end)
            as count_closed
    from beginnings
    cross join bounds
),

found as (
    select sum(count_opened) as count_opened, sum(count_closed) as count_closed from fct_backlog_daily
)

select expected.count_opened, expected.count_closed
from expected
cross join found
where expected.count_opened <> found.count_opened or expected.count_closed <> found.count_closed
