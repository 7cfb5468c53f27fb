-- One row per collection of help center articles; a former section is a collection in a collection.
select
    collections.id as collection_id,
    nullif(nullif(collections.parent_id, ''), '0') as parent_collection_id,
    nullif(nullif(collections.help_center_id, ''), '0') as help_center_id,  -- collections within others may not say it
    nullif(collections.name, '') as name,
    nullif(collections.description, '') as description,
    nullif(collections.url, '') as url,
    nullif(collections.icon, '') as icon,
    nullif(collections.type, '') as type,
    nullif(collections.default_locale, '') as default_locale,
    nullif(collections.workspace_id, '') as workspace_id,
    collections."order" as place,  -- among its siblings
    collections.created_at as created_at_epoch,
    to_timestamp(collections.created_at) as created_at,
    collections.updated_at as updated_at_epoch,
    to_timestamp(collections.updated_at) as updated_at,
    collections.translated_content  -- its names by language
from raw.collections
