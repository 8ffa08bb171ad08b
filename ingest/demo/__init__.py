"""The demo: fictional municipalities, plausible answers, and a start page to play it through."""
