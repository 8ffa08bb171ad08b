"""From what residents answered to what may be read of it."""
