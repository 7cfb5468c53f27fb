-- error: The tagged conversations of all weeks are all that are tagged and have a week up to now.
with

expected as (
    select count(*) as count_conversations
    from fct_conversation_tags
    inner join fct_conversations on fct_conversation_tags.conversation_id = fct_conversations.conversation_id
    cross join build_clock
    inner join calendar_days as days on fct_conversation_tags.created_week = days.day
    where days.starts_at_epoch <= build_clock.now_epoch
),

found as (
    select coalesce(sum(fct_tags_weekly.count_conversations), 0) as count_conversations
    from fct_tags_weekly
    inner join calendar_days as days on fct_tags_weekly.week_start = days.day
)

select expected.count_conversations, found.count_conversations as count_found
from expected
cross join found
where expected.count_conversations <> found.count_conversations
