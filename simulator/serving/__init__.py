"""The server: from a request's bytes to an answer's, through the gate, with faults, log and churn around it."""
