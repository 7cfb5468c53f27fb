-- One row per resource or sweep: when it was last read to its end (a sweep: of everything), and when that was last tried (unix seconds).
select s.resource, max(case when s.status = 'complete' and {is_whole} then r.finished_at end) as complete_at,
    max(r.started_at) as tried_at
from raw.sync_resources as s
inner join raw.sync_runs as r on s.run_id = r.run_id
where s.resource not like 'audit_%' and s.resource not like 'repair_%'  -- as earlier versions called what an audit loads again
group by s.resource
order by s.resource
