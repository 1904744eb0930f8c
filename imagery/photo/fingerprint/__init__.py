"""What a picture looks like, in a few hundred bytes that survive what copying does to it.

Reading order: ``decode`` (bytes to a small grey picture), ``borders`` (frames and letter boxes),
``keypoints`` (places in it that are found again), ``words`` (what surrounds each, as bits),
``print_of`` (all of it together), ``carried`` (as bytes between processes), ``overlay`` (two
pictures laid over each other), ``stored`` (what an archive keeps).
"""

from imagery.photo.fingerprint.print_of import Fingerprint, fingerprint

__all__ = ["Fingerprint", "fingerprint"]
