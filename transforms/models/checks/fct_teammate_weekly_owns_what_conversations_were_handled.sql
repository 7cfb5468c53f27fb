-- error: The owned seconds of all weeks are the seconds in which conversations were open and assigned to a teammate.
with

found as (
    select coalesce(sum(owned_seconds), 0) as seconds from fct_teammate_weekly
),

expected as (
    select coalesce(sum(int_assignment_spans.open_seconds), 0) as seconds
    from int_assignment_spans
    inner join fct_conversations on int_assignment_spans.conversation_id = fct_conversations.conversation_id
    where
        int_assignment_spans.admin_id is not null
        and fct_conversations.created_on is not null
        and fct_conversations.has_all_parts
)

select found.seconds, expected.seconds as seconds_expected
from found
cross join expected
where found.seconds <> expected.seconds
