-- warn: Intercom calls a conversation open, closed or snoozed; of one in another state, its flag `open` is believed.
select conversations.id as conversation_id, conversations.state
from raw.conversations
inner join stg_conversations on conversations.id = stg_conversations.conversation_id
where conversations.state not in ('', 'open', 'closed', 'snoozed')
