"""Open Klant, where a municipality writes down who telephoned: we ask it, as it cannot tell us."""
