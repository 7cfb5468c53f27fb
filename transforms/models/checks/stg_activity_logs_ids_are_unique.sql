-- error: An activity is loaded once.
select activity_log_id
from stg_activity_logs
group by activity_log_id
having count(*) > 1 or activity_log_id is null
