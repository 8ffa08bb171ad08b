"""A Monday of the whole country on one machine: what its busiest hour asks, many times over."""
