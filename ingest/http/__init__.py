"""The service over HTTP: the hot routes, headers, deadlines, and the API's document."""
