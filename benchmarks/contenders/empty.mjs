// Nothing: what a start of Node itself takes.
