"""What a build is made of: models as their files say them, ours and the user's own, their order, what is selected."""
