"""Who is told of signals: a webhook of the municipality, and its departments by mail."""
