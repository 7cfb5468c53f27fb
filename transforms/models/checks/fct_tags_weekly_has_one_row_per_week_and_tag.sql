-- error: fct_tags_weekly has one row per week and tag, and neither is missing.
select week_start, tag_id
from fct_tags_weekly
group by week_start, tag_id
having count(*) > 1 or week_start is null or tag_id is null
