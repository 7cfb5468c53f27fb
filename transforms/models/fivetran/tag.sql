-- One row per tag, as Fivetran shapes it.
select
    tags.id,
    nullif(tags.name, '') as name,
    false as _fivetran_deleted
from raw.tags
