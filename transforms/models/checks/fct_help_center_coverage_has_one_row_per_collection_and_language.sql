-- error: fct_help_center_coverage has one row per collection and language, and neither is missing.
select collection_id, locale
from fct_help_center_coverage
group by collection_id, locale
having count(*) > 1 or collection_id is null or locale is null
