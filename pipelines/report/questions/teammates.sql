-- One row per teammate who is or was in the workspace.
select admin_id, name from dim_teammates
