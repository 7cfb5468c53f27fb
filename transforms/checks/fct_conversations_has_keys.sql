-- error: Every conversation has an id, a channel, a state, and a creation time.
select conversation_id
from fct_conversations
where
    conversation_id is null
    or channel is null
    or state is null
    or created_at_epoch is null
