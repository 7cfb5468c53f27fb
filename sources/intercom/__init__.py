"""The dlt source of the Intercom REST API 2.10."""
