-- One row: the workspace, and the build that made the marts. After one that left them out, the clock is later than they are.
select
    max(w.name) as workspace,
    max(w.time_zone) as timezone,
    max(least(b.now_epoch, coalesce(d.ends_at_epoch, b.now_epoch))) as now_epoch,
    max(coalesce(m.today, b.today)) as today,
    max(b.today) as last_build_on
from build_clock as b
cross join (select max(day) as today from fct_backlog_daily) as m
left join calendar_days as d on d.day = m.today
left join stg_workspace as w on true
