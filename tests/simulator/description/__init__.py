"""Every answer of the simulator against Intercom's own description of its API, and against its own README."""
