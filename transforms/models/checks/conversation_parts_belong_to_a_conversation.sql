-- warn: Every part belongs to a conversation that is loaded.
select stg_conversation_parts.conversation_id, stg_conversation_parts.part_id
from stg_conversation_parts
left join stg_conversations on stg_conversation_parts.conversation_id = stg_conversations.conversation_id
where stg_conversations.conversation_id is null
