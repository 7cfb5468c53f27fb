-- error: fct_backlog_conversations has one row per day and conversation, of a conversation that exists.
-- incremental: conversation_id
select fct_backlog_conversations.day, fct_backlog_conversations.conversation_id
from fct_backlog_conversations
left join fct_conversations
    on fct_backlog_conversations.conversation_id = fct_conversations.conversation_id
group by fct_backlog_conversations.day, fct_backlog_conversations.conversation_id
having
    count(*) > 1
    or count(fct_conversations.conversation_id) = 0
    or min(fct_backlog_conversations.age_seconds) < 0
    or max(case when fct_backlog_conversations.state in ('open', 'snoozed') then 0 else 1 end) > 0
