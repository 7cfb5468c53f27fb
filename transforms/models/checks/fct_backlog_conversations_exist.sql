-- error: The conversations of the backlog are conversations that exist.
-- incremental: conversation_id
select distinct fct_backlog_conversations.conversation_id
from fct_backlog_conversations
left join fct_conversations
    on fct_backlog_conversations.conversation_id = fct_conversations.conversation_id
where fct_conversations.conversation_id is null
