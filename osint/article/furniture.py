"""What on a page is not the article: navigation, scripts, comments, what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from osint.article.characters import words

DROPPED_TAGS = words(
    "nav aside script style footer noscript template iframe form button select textarea input svg "
    "math object embed meta link base param col canvas video audio dialog head menu address map "
    "datalist progress"
)
_DROPPED_NAMES = words(
    "comments comment comment-list commentlist comments-area disqus_thread respond "
    "related related-articles related-posts related-content related-stories read-more more-stories "
    "recommended recommendations outbrain taboola jp-relatedposts "
    "share sharing social social-share share-buttons sharedaddy addtoany "
    "newsletter newsletter-signup subscribe subscription paywall "
    "advert advertisement ad ads ad-container sponsored promo promobox "
    "cookie cookies cookie-banner cookie-consent gdpr "
    "breadcrumb breadcrumbs pagination pager tags tag-list tagcloud sidebar widget-area "
    "site-header site-footer site-nav menu navbar masthead skip-link author-bio post-navigation "
    "byline visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only"
)
_NEVER_DROPPED = frozenset(["html", "body", "main", "article", "h1", "figure", "figcaption", "p"])
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_CAPTION_NAME = re.compile(
    r"(?:^|[-_])(?:caption|cutline)(?:[-_]?(?:text|body|inner|content|wrap|wrapper|container))?$"
)
_CREDIT_NAME = re.compile(r"(?:^|[-_])(?:credits?|copyright|photographer|image-source)(?:$|[-_])")
_DECK_NAME = re.compile(
    r"(?:^|[-_])(?:deck|dek|standfirst|subtitle|sub-title|subheadline|sub-headline|subhead|"
    r"subheading)$"
)
_MOST_NAMES = 40


def is_dropped(element: HtmlElement) -> bool:
    """Whether an element and all in it is no part of the article."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED_TAGS:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    if style is not None and _HIDING_STYLE.search(style[:500]):
        return True
    if (element.get("role") or "") in {"navigation", "complementary", "contentinfo", "banner"}:
        return True
    if tag == "header" and element.find(".//h1") is None:
        return True
    if tag in _NEVER_DROPPED or _DROPPED_NAMES.isdisjoint(names_of(element)):
        return tag in {"ul", "ol"} and _is_link_list(element)
    return element.find(".//h1") is None


def is_caption(element: HtmlElement) -> bool:
    """Whether an element is a caption by its tag or by a common class name."""
    if element.tag == "figcaption":
        return True
    return any(_CAPTION_NAME.search(name) for name in names_of(element))


def is_credit(element: HtmlElement) -> bool:
    """Whether an element of a caption names who made the picture, not what it shows."""
    return any(_CREDIT_NAME.search(name) for name in names_of(element))


def is_deck(element: HtmlElement) -> bool:
    """Whether an element is the line under the headline."""
    if (element.get("itemprop") or "").lower() == "alternativeheadline":
        return True
    return any(_DECK_NAME.search(name) for name in names_of(element))


def names_of(element: HtmlElement) -> Iterator[str]:
    """Class names and id of an element, lower-case; "block__caption" also as "caption"."""
    named, numbered = element.get("class"), element.get("id")
    if named is None and numbered is None:
        return
    written = f"{named or ''} {numbered or ''}"[:2_000].lower()
    for name in written.split()[:_MOST_NAMES]:
        yield name
        block, _, part = name.partition("__")
        if block and part:
            yield part.partition("--")[0]


def _is_link_list(element: HtmlElement) -> bool:
    """A list of three or more items whose words are nearly all links to elsewhere."""
    items = element.findall("li")
    if len(items) < 3 or element.find(".//ul") is not None or element.find(".//ol") is not None:
        return False
    words = sum(len(item.text_content()) for item in items)
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return linked > 0.9 * words
