-- One row per conversation and teammate that took part in it.
select
    conversation_teammates.conversation_id,
    conversation_teammates.admin_id
from raw.conversation_teammates
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_teammates.conversation_id = deleted_records.id
where deleted_records.id is null
