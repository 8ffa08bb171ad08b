"""Running the service: its worker processes, logs and metrics."""
