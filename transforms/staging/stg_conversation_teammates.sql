-- One row per conversation and teammate that took part in it.
select
    conversation_teammates.conversation_id,
    conversation_teammates.admin_id
from raw.conversation_teammates
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'conversations' and deleted_records.id = conversation_teammates.conversation_id
)
