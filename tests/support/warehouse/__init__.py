"""Raw rows that tests write, and the models that are built over them."""
