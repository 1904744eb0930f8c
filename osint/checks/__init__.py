"""Checks: each turns facts into evidence, one likelihood ratio each, with its basis.

``statements`` weighs what other publishers said, ``agreement`` what they say of a zone or a day,
``gazetteer_rows`` names the coordinates that the comparison rests on, ``imagery_cover`` says what a
satellite chip can and cannot show.

A photo is put to its caption by ``photo``, which asks ``photo_position`` or ``photo_area``,
``photo_time``, ``photo_exposure`` (with ``photo_hours``, what a caption says of the time of day),
``photo_shadow`` (with ``shadow_table``, what an analyst wrote down), ``photo_words``,
``photo_seen`` and ``photo_credentials``. ``trust`` has the two figures that bound them,
``photo_together`` takes what one photo says together. docs/photo-evidence.md has every ratio.
"""
