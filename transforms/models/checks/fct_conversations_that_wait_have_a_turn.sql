-- error: A conversation waits on us if and only if it is open and one of its turns waits, as far as its parts are loaded.
-- incremental: conversation_id
select fct_conversations.conversation_id
from fct_conversations
left join int_turns
    on fct_conversations.conversation_id = int_turns.conversation_id and int_turns.outcome = 'waiting'
where
    fct_conversations.has_all_parts
    and fct_conversations.state = 'open'
    and fct_conversations.is_waiting_on_us <> (int_turns.conversation_id is not null)
