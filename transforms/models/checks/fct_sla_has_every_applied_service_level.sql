-- error: Every service level that Intercom applied is in fct_sla.
-- incremental: conversation_id
select stg_conversations.conversation_id
from stg_conversations
left join fct_sla on stg_conversations.conversation_id = fct_sla.conversation_id
where stg_conversations.sla_name is not null and fct_sla.conversation_id is null
