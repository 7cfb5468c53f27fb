-- One row per contact and tag on it.
select
    contact_tags.contact_id,
    contact_tags.tag_id,
    nullif(contact_tags.name, '') as tag_name,
    contact_tags.applied_at as applied_at_epoch,
    to_timestamp(contact_tags.applied_at) as applied_at,
    nullif(contact_tags.applied_by__type, '') as applied_by_type,
    nullif(nullif(contact_tags.applied_by__id, ''), '0') as applied_by_id
from raw.contact_tags
left join raw.deleted_records
    on deleted_records.entity = 'contacts' and contact_tags.contact_id = deleted_records.id
where deleted_records.id is null
