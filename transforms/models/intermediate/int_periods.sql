-- One row per day, week (beginning on Monday) and month of the calendar: its first day, and when it ends.
select 'day' as period, day as starts_on, ends_at_epoch from calendar_days
union all
select 'week' as period, week_start as starts_on, max(ends_at_epoch) as ends_at_epoch
from calendar_days
group by week_start
union all
select 'month' as period, month_start as starts_on, max(ends_at_epoch) as ends_at_epoch
from calendar_days
group by month_start
