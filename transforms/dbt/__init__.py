"""The models as an ordinary dbt project."""
