-- error: fct_backlog_conversations has one row per day and conversation.
-- incremental: conversation_id
select day, conversation_id
from fct_backlog_conversations
group by day, conversation_id
having count(*) > 1
