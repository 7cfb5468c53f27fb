-- One row per ticket and ticket or conversation that is linked to it.
select
    ticket_linked_objects.ticket_id,
    ticket_linked_objects.linked_object_id,
    nullif(ticket_linked_objects.type, '') as linked_object_type,
    nullif(ticket_linked_objects.category, '') as category
from raw.ticket_linked_objects
left join raw.deleted_records
    on deleted_records.entity = 'tickets' and ticket_linked_objects.ticket_id = deleted_records.id
where deleted_records.id is null
