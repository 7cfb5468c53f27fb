-- One row per ticket type.
select
    ticket_types.id as ticket_type_id,
    nullif(ticket_types.name, '') as name,
    nullif(ticket_types.category, '') as category,
    ticket_types.is_internal,
    ticket_types.archived as is_archived
from raw.ticket_types
