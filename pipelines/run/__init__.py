"""What all commands that read Intercom share: begin, identify, load in chunks, account, build the models."""
