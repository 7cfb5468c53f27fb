-- One row per resource: when it was last read to its end (unix seconds), and how its last reading ended.
select s.resource, max(case when s.status = 'complete' then r.finished_at end) as complete_at,
    max(r.started_at) as tried_at
from raw.sync_resources as s
inner join raw.sync_runs as r on s.run_id = r.run_id
where s.resource not like 'audit_%'
group by s.resource
order by s.resource
