"""Who is told of submissions: readers of feeds, and webhooks."""
