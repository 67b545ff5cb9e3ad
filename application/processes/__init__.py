"""Which commands follow from which events: declared per family, pure, without I/O."""
