"""What each kind of image file keeps where; start with ``parts.walk``."""
