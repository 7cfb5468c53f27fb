"""Messages that were sent, and the jobs that export what became of them."""
