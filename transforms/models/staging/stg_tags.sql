-- One row per tag.
select
    tags.id as tag_id,
    nullif(tags.name, '') as name
from raw.tags
