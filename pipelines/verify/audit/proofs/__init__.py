"""What an audit proves about an entity, and the counts behind it."""
