-- One row per contact and tag on it.
select
    contact_tags.contact_id,
    contact_tags.tag_id,
    nullif(contact_tags.name, '') as tag_name,
    contact_tags.applied_at as applied_at_epoch,
    to_timestamp(contact_tags.applied_at) as applied_at,
    nullif(contact_tags.applied_by__type, '') as applied_by_type,
    nullif(contact_tags.applied_by__id, '') as applied_by_id
from raw.contact_tags
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'contacts' and deleted_records.id = contact_tags.contact_id
)
