-- error: The calendar of days and working hours reaches today; that of an exported dbt project ends, and is exported anew.
select build_clock.now_epoch
from build_clock
left join calendar_days
    on calendar_days.starts_at_epoch <= build_clock.now_epoch
    and calendar_days.ends_at_epoch > build_clock.now_epoch
where calendar_days.day is null
