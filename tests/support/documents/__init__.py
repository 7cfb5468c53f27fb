"""The documentation and the report as tests read them."""
