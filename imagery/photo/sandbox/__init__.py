"""Photos read in child processes with limits, so that a hostile file harms nothing but its child.

Reading order: ``wire`` (frames between parent and child), ``codec`` (facts as JSON, taken in only
if they are what they must be), ``limits`` (what a child denies itself), ``jobs`` (what a child can
do), ``worker`` (the child), ``child`` (the parent's side of one child), ``pool`` (several children,
results in order), ``reading`` (``read_photos``, ``read_photo_safely``: start there).
"""
