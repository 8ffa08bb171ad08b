"""A hostile reader with our source in hand, against this shape of the database and the old one."""
