"""The path of a mention, one file a step. A flow is a function; its order is its safety."""
