"""The kiosk at the counter: its pages and survey, its pairing, and the responses that it sends."""
