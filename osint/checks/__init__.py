"""Checks: each turns facts into evidence, one likelihood ratio each, with its basis.

``statements`` weighs what other publishers said, ``gazetteer_rows`` names the coordinates that the
comparison rests on, ``photo_position`` and ``photo_time`` hold a photo's own data against its
caption, ``imagery_cover`` says what a satellite chip can and cannot show.
"""
