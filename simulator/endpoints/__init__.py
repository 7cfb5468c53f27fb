"""One file per entity: from a request to the records of the workspace and back to an answer; and the routes to them."""
