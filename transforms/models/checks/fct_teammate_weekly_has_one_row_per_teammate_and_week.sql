-- error: fct_teammate_weekly has one row per teammate and week, and neither is missing.
select admin_id, week_start
from fct_teammate_weekly
group by admin_id, week_start
having count(*) > 1 or admin_id is null or week_start is null
