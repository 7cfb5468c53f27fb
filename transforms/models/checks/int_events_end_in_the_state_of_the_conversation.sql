-- error: The last event leaves a conversation in the state that Intercom shows.
-- incremental: conversation_id
with

last_events as (
    select
        conversation_id,
        state_after,
        row_number() over (partition by conversation_id order by seq desc) as place
    from int_events
)

select stg_conversations.conversation_id
from stg_conversations
inner join last_events
    on stg_conversations.conversation_id = last_events.conversation_id and last_events.place = 1
where stg_conversations.state in ('open', 'closed', 'snoozed') and stg_conversations.state <> last_events.state_after
