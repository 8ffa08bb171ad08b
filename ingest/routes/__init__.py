"""What is served, one file an audience; the hot routes are in `ingest.http.front`."""
