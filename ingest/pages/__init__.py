"""What residents see: pages, their style and their texts."""
