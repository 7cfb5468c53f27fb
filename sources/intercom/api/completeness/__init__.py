"""The proof that a listing lacks no record: what it has brought, against what Intercom says that there is."""
