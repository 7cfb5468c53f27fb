-- One row per day, week (beginning on Monday) and month of the calendar: its first day, and when it ends.
select period, starts_on, max(ends_at_epoch) as ends_at_epoch
from int_period_days
group by period, starts_on
