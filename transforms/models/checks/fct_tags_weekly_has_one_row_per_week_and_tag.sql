-- error: fct_tags_weekly has one row per week and tag, and no part is greater than its whole.
select week_start, tag_id
from fct_tags_weekly
group by week_start, tag_id
having
    count(*) > 1
    or week_start is null
    or tag_id is null
    or max(count_conversations - count_all_conversations) > 0
    or max(share) > 1
