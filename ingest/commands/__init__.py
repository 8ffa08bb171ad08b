"""The commands of `meetpunt`, one file a subject."""
