-- error: A conversation is loaded once.
-- incremental: conversation_id
select conversation_id
from stg_conversations
group by conversation_id
having count(*) > 1 or conversation_id is null
