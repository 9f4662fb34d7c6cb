// An empty module, for measuring the start of Node itself.
