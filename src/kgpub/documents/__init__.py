"""The documents of a build, which service and site share: pages, descriptions as data, texts."""
