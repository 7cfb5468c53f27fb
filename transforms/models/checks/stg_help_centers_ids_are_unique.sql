-- error: A help center is loaded once.
select help_center_id
from stg_help_centers
group by help_center_id
having count(*) > 1 or help_center_id is null
