"""Tasks that run beside the requests: which there are, who holds each, and whether it runs."""
