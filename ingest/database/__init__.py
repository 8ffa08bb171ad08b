"""The database itself: migrations, the views that readers read, and who may do what."""
