-- One row per day, week (beginning on Monday) and month of the calendar, and day in it.
-- view: a union of a short table with itself
select 'day' as period, day as starts_on, day, ends_at_epoch from calendar_days
union all
select 'week' as period, week_start as starts_on, day, ends_at_epoch from calendar_days
union all
select 'month' as period, month_start as starts_on, day, ends_at_epoch from calendar_days
