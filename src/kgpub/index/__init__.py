"""The index of a build in a file: names, texts and their words as a search asks for them."""
