-- One row per ticket and ticket or conversation that is linked to it; both exist in Intercom.
select
    ticket_linked_objects.ticket_id,
    ticket_linked_objects.linked_object_id,
    nullif(ticket_linked_objects.type, '') as linked_object_type,
    nullif(ticket_linked_objects.category, '') as category
from raw.ticket_linked_objects
left join raw.deleted_records
    on deleted_records.entity = 'tickets' and ticket_linked_objects.ticket_id = deleted_records.id
left join raw.deleted_records as deleted_objects
    on ticket_linked_objects.type || 's' = deleted_objects.entity and ticket_linked_objects.linked_object_id = deleted_objects.id
where deleted_records.id is null and deleted_objects.id is null
