-- error: The last owner in the history of a conversation is the teammate and the team that Intercom shows.
-- incremental: conversation_id
select stg_conversations.conversation_id
from stg_conversations
inner join int_assignment_spans
    on stg_conversations.conversation_id = int_assignment_spans.conversation_id
    and int_assignment_spans.to_epoch is null
left join int_staff on stg_conversations.admin_assignee_id = int_staff.staff_id
where
    coalesce(int_assignment_spans.admin_id, '')
    <> coalesce(case when int_staff.is_bot then null else stg_conversations.admin_assignee_id end, '')
    or coalesce(int_assignment_spans.team_id, '') <> coalesce(stg_conversations.team_assignee_id, '')
