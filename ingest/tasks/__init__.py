"""What runs beside the requests: which tasks there are, who holds each, and whether it runs."""
