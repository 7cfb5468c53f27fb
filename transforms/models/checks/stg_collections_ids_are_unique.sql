-- error: A collection is loaded once.
select collection_id
from stg_collections
group by collection_id
having count(*) > 1 or collection_id is null
