-- warn: The last owner in the history of an assigned conversation is the assignee that Intercom shows.
select stg_conversations.conversation_id
from stg_conversations
inner join int_assignment_spans
    on stg_conversations.conversation_id = int_assignment_spans.conversation_id
    and int_assignment_spans.to_epoch is null
where
    int_assignment_spans.admin_id is not null
    and stg_conversations.admin_assignee_id is not null
    and int_assignment_spans.admin_id <> stg_conversations.admin_assignee_id
