"""What has changed from release to release: a changelog, feeds, patches, and an event stream."""
