-- One row per model that is a table: when it was built last, and when that was last tried (unix seconds).
select name, max(case when status = 'built' then built_at_epoch end) as built_at, max(built_at_epoch) as tried_at
from model_runs
where kind not in ('seed', 'staging', 'check') and status <> 'gone'
group by name
