"""Writers of drafts: without a model they are composed from the protocol's own sentences."""
