"""Running the service: workers, their lives, logs and metrics."""
