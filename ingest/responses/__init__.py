"""One answer: received, checked, screened and stored, exactly once."""
