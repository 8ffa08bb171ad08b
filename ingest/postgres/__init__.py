"""Our own Postgres, for when none is given."""
