-- One row per event of a contact: something that your own code said the contact did.
select
    data_events.id as event_id,
    data_events.contact_id,
    nullif(data_events.event_name, '') as event_name,
    nullif(data_events.user_id, '') as external_id,  -- your own id of the contact
    nullif(data_events.email, '') as email,
    data_events.created_at as created_at_epoch,
    to_timestamp(data_events.created_at) as created_at,
    data_events.metadata
from raw.data_events
left join raw.deleted_records
    on deleted_records.entity = 'contacts' and data_events.contact_id = deleted_records.id
where deleted_records.id is null
