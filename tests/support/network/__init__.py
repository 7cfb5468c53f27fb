"""Servers that answer what the simulator does not, and what lies between them and a client."""
