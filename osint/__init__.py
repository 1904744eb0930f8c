"""Is the claim borne out? Claims, evidence, verdicts and reports.

Reading order: ``errors``, ``claims``, ``article``, ``extract`` (text to claims), ``statements`` and
``case`` (what an analyst hands in), ``resolve`` (phrases to places), ``relate`` and ``relation``
(claims to constraints), ``constraints``, ``belief``, ``ground``, ``network``, ``solve``, ``weigh``
(the reasoning), ``verdict``, ``judge``, ``checks`` (facts to evidence), ``report``, ``pipeline``
(the whole flow), ``cli``.
"""

from __future__ import annotations

__version__ = "0.1.0"
