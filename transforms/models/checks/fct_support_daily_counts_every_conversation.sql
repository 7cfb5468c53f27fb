-- error: The conversations of all days are all conversations that have a day.
with

expected as (
    select count(*) as count_conversations from fct_conversations where created_on is not null
),

found as (
    select coalesce(sum(count_conversations), 0) as count_conversations from fct_support_daily
)

select expected.count_conversations, found.count_conversations as count_found
from expected
cross join found
where expected.count_conversations <> found.count_conversations
