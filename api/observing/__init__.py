"""What the server tells of itself: metrics, traces and the lines of its log."""
