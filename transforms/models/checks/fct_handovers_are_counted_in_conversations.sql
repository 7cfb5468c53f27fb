-- error: The handovers between teammates and between teams are those that fct_conversations counts.
-- incremental: conversation_id
with

found as (
    select conversation_id, count(*) as count_handovers
    from fct_handovers
    where kind in ('teammate_to_teammate', 'team_to_team')
    group by conversation_id
)

select fct_conversations.conversation_id
from fct_conversations
left join found on fct_conversations.conversation_id = found.conversation_id
where fct_conversations.count_handovers <> coalesce(found.count_handovers, 0)
