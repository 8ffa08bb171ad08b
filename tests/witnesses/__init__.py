"""Programs that are not ours, which say what they think of what we publish."""
