"""A writer's draft -> its claims, the sources for each, and the draft with citations."""
