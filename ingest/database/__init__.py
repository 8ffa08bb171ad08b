"""The database: what stands in it, who may do what there, and what a superuser does once."""
