"""The kiosk at the counter: what it shows, who it is, and what it hands in."""
