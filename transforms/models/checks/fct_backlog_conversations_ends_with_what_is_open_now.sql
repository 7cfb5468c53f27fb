-- error: The backlog of today is the conversations that are open or snoozed now, where Intercom says which they are.
-- incremental: conversation_id
with

balance as (
    select conversation_id, 1 as expected, 0 as found
    from fct_conversations
    cross join build_clock
    where state in ('open', 'snoozed') and created_at_epoch <= build_clock.now_epoch
    union all
    select fct_backlog_conversations.conversation_id, 0 as expected, 1 as found
    from fct_backlog_conversations
    inner join build_clock on fct_backlog_conversations.day = build_clock.today
)

select balance.conversation_id
from balance
inner join int_conversation_rollup on balance.conversation_id = int_conversation_rollup.conversation_id
inner join fct_conversations on balance.conversation_id = fct_conversations.conversation_id
cross join build_clock
where int_conversation_rollup.last_event_at_epoch <= build_clock.now_epoch and fct_conversations.state is not null
group by balance.conversation_id
having sum(balance.expected) <> 1 or sum(balance.found) <> 1
