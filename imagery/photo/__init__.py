"""The facts in one photo file; start with ``metadata.read_photo``."""
