"""Web addresses in the form in which two of one page are equal."""

import pytest

from claims.text.addresses import canonical_address

SAME = [
    ("https://example.org/news/1", "http://www.example.org/news/1/"),
    ("https://example.org/news/1", "HTTPS://EXAMPLE.ORG:443/news/1#comments"),
    ("https://example.org/news/1", "https://m.example.org/news/1?utm_source=x&fbclid=abc&gclid=1"),
    ("https://example.org/news/1", "https://example.org//news/1/amp/"),
    ("https://example.org/news/1.html", "https://amp.example.org/news/1.amp.html"),
    ("https://example.org/", "https://example.org/index.html"),
    ("https://example.org", "http://example.org:80/?"),
    ("https://example.org/?b=2&a=1", "https://example.org/?a=1&utm_campaign=spring&b=2"),
    ("https://example.org/%7euser/%D8%AD%D9%85%D8%B5", "https://example.org/~user/حمص"),
    ("https://مثال.إختبار/خبر", "https://xn--mgbh0fb.xn--kgbechtv/%D8%AE%D8%A8%D8%B1"),
    ("https://example.org/watch?v=abc", "https://www.example.org/watch?v=abc&feature=share&si=1"),
]
DIFFERENT = [
    ("https://example.org/news/1", "https://example.org/news/2"),
    ("https://example.org/News/1", "https://example.org/news/1"),
    ("https://example.org/?id=1", "https://example.org/?id=2"),
    ("https://example.org/", "https://example.com/"),
    ("https://en.example.org/a", "https://ar.example.org/a"),
    ("https://example.org:8080/", "https://example.org/"),
    ("https://m.org/", "https://www.org/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert canonical_address(one) == canonical_address(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_of_different_pages(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


@pytest.mark.parametrize("url", ["", "no address", "https://", "mailto:a@example.org", "https://[::1", "http://a:b:c/"])
def test_what_is_no_address_has_no_form(url: str) -> None:
    assert canonical_address(url) == ""


@pytest.mark.parametrize(
    "url", [*dict.fromkeys(url for pair in [*SAME, *DIFFERENT] for url in pair), "https://a.b/%FF%00?%FF=%zz&="]
)
def test_the_form_of_a_form_is_itself(url: str) -> None:
    form = canonical_address(url)
    assert canonical_address(f"https://{form}") == form
