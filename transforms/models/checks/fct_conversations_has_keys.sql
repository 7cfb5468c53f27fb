-- error: Every conversation has an id and a creation time; channel and state may be missing in what Intercom sends.
-- incremental: conversation_id
select conversation_id
from fct_conversations
where
    conversation_id is null
    or created_at_epoch is null
