"""What Meetpunt costs, beside what else would do: `make bench`."""
