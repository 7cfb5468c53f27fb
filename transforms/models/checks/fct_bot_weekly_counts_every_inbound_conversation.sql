-- error: The conversations of all weeks are all inbound conversations that have a week.
with

expected as (
    select count(*) as count_conversations
    from fct_conversations
    where direction = 'inbound' and created_week is not null
),

found as (
    select coalesce(sum(count_conversations), 0) as count_conversations from fct_bot_weekly
)

select expected.count_conversations, found.count_conversations as count_found
from expected
cross join found
where expected.count_conversations <> found.count_conversations
