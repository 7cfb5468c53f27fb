"""What every command that reads Intercom shares: begin, identify, load in chunks, account, run log, display."""
