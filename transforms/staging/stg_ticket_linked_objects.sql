-- One row per ticket and ticket or conversation that is linked to it.
select
    ticket_linked_objects.ticket_id,
    ticket_linked_objects.linked_object_id,
    nullif(ticket_linked_objects.type, '') as linked_object_type,
    nullif(ticket_linked_objects.category, '') as category
from raw.ticket_linked_objects
where not exists (
    select 1 from raw.deleted_records
    where deleted_records.entity = 'tickets' and deleted_records.id = ticket_linked_objects.ticket_id
)
