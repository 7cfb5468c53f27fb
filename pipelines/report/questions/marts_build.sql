-- One row: the workspace, and the build that made the marts. After one that left them out, the clock is later than they are.
select
    max(w.name) as workspace,
    max(w.time_zone) as timezone,
    max(least(b.now_epoch, coalesce(d.ends_at_epoch, b.now_epoch))) as now_epoch,
    max(coalesce(m.today, b.today)) as today,
    max(b.today) as last_build_on,
    -- What had last changed before is not loaded, whatever start_date was then: no conversation of these days is missing
    -- from this one on.
    max(l.day) as loaded_since
from build_clock as b
cross join (select max(day) as today from fct_backlog_daily) as m
cross join (select cast(floor(min(updated_at_epoch) / 900) as bigint) as slot_id from stg_conversations) as c
left join local_slots as l on l.slot_id = c.slot_id
left join calendar_days as d on d.day = m.today
left join stg_workspace as w on true
