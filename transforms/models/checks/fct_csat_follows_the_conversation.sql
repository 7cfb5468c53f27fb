-- warn: A rating comes after the conversation began.
-- incremental: conversation_id
select fct_csat.conversation_id
from fct_csat
inner join fct_conversations on fct_csat.conversation_id = fct_conversations.conversation_id
where fct_csat.rated_at_epoch < fct_conversations.created_at_epoch
