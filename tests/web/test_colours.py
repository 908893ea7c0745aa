"""The colours of states and positions can be read on every ground, light and dark, and positions be told apart."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "claims" / "static" / "claims" / "marks.css"
COLOURS: dict[str, tuple[str, str]] = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS.read_text())
}
LIGHT, DARK = 0, 1
STATES = [
    "contested", "questioned", "unresolved", "several-origins", "single-origin", "compatible", "tentative",
    "unanswered",
]  # fmt: skip
POSITIONS = [f"position-{style}" for style in "abcdefgh"]
OWN_GROUNDS = ["page", "surface", "sunken"]
# Where the marks stand in Django's admin: body, darkened and selected rows, of its light and its dark look.
ADMIN_GROUNDS = {LIGHT: ["#ffffff", "#f8f8f8", "#ffffcc"], DARK: ["#121212", "#212121", "#00363a"]}
# WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (edges of controls)
TEXT, EDGES = 4.5, 3.0
# Oklab distance times 100; two is about the least difference that is seen side by side.
APART = 7

Triple = tuple[float, float, float]
# Viénot-like matrices for full dichromacy, for linear RGB: Machado, Oliveira and Fernandes 2009, table 1.
VISION: dict[str, tuple[Triple, Triple, Triple]] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> Triple:
    """Linear red, green and blue, 0..1, of an sRGB colour (IEC 61966-2-1)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def seen(colour: str, vision: str) -> Triple:
    """The colour in Oklab (Ottosson 2020) as an eye of that vision sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, linear(colour), strict=True))))
        for row in VISION[vision]
    )
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def test_black_and_white_are_as_far_apart_as_can_be() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert math.dist(seen("#000000", "full"), seen("#ffffff", "full")) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("name", [*STATES, *POSITIONS, "ink", "muted"])
def test_text_can_be_read_on_every_ground(name: str, mode: int) -> None:
    own = [COLOURS[ground][mode] for ground in OWN_GROUNDS]
    ratios = {ground: contrast(COLOURS[name][mode], ground) for ground in [*own, *ADMIN_GROUNDS[mode]]}
    assert {ground: ratio for ground, ratio in ratios.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("contested", "contested-ground"),
        ("questioned", "questioned-ground"),
        ("muted", "contested-ground"),
        ("muted", "questioned-ground"),
        ("ink", "added-ground"),
        ("ink", "removed-ground"),
        *((position, "contested-ground") for position in POSITIONS),
    ],
)
def test_text_can_be_read_on_grounds_with_a_meaning(name: str, ground: str, mode: int) -> None:
    assert contrast(COLOURS[name][mode], COLOURS[ground][mode]) >= TEXT


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("name", ["control-line", "focus"])
def test_controls_and_the_focus_stand_out(name: str, mode: int) -> None:
    assert all(contrast(COLOURS[name][mode], COLOURS[ground][mode]) >= EDGES for ground in OWN_GROUNDS)


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("vision", list(VISION))
def test_positions_are_told_apart_with_any_colour_vision(vision: str, mode: int) -> None:
    distances = {
        (one, other): 100 * math.dist(seen(COLOURS[one][mode], vision), seen(COLOURS[other][mode], vision))
        for one, other in combinations(POSITIONS, 2)
    }
    assert {pair: distance for pair, distance in distances.items() if distance < APART} == {}
    assert distances["position-a", "position-b"] > 2 * APART


def test_every_colour_is_one_property_with_a_light_and_a_dark_value() -> None:
    folder = CSS.parent
    for sheet in ("fragments.css", "provenance.css", "admin.css"):
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", (folder / sheet).read_text()) == [], sheet
    bare = re.sub(r"--[\w-]+: light-dark\([^)]*\);", "", CSS.read_text())
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", bare) == []
