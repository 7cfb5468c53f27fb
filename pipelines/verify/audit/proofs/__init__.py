"""What an audit proves of an entity, and the counts that it is proved by."""
