"""The door for Slack: what it sends is kept before it is acknowledged, then a worker does it."""
