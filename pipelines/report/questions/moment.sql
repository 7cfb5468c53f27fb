-- One row: the workspace, and the moment at which the models were built.
select max(w.name) as workspace, max(w.time_zone) as timezone, max(b.now_epoch) as now_epoch, max(b.today) as today
from build_clock as b
left join stg_workspace as w on true
