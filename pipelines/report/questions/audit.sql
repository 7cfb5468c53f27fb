-- One row per thing that the last audit looked at, for one entity.
select entity, subject, result, count_checked, count_differing, count_repaired, count_explained, count_failed,
    finished_at
from raw.audit_results
where started_at = (select max(started_at) from raw.audit_results)
order by entity, subject
