-- error: The first reply of a customer's conversation is the answer of its first turn.
select fct_conversations.conversation_id
from fct_conversations
inner join fct_response_turns
    on fct_conversations.conversation_id = fct_response_turns.conversation_id and fct_response_turns.is_first
where
    fct_conversations.is_customer_initiated
    and coalesce(fct_conversations.first_response_seconds, -1) <> coalesce(fct_response_turns.response_seconds, -1)
