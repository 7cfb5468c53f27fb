"""The proof that a listing lacks no record and ends: what its pages brought, against what Intercom says there is."""
