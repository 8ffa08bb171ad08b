"""Every figure of every view, worked out once more from raw rows: with pandas and scipy, no SQL."""
