"""Motifs of the pictures for films: SVG elements on a canvas of `WIDTH` by `HEIGHT`."""

import math
from collections.abc import Callable, Sequence
from random import Random

Motif = Callable[[Random, str], str]
"""Draws itself from a source of numbers, in a colour."""

WIDTH, HEIGHT = 400, 300


def _circle(x: float, y: float, r: float, fill: str, opacity: float = 1.0) -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="{fill}" opacity="{opacity:.2f}"/>'


def _ring(x: float, y: float, r: float, colour: str, width: float, opacity: float = 1.0) -> str:
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:.0f}" opacity="{opacity:.2f}"/>'
    )


def _shape(points: Sequence[tuple[float, float]], fill: str, opacity: float = 1.0) -> str:
    corners = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    return f'<polygon points="{corners}" fill="{fill}" opacity="{opacity:.2f}"/>'


def _bar(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'fill="{fill}" opacity="{opacity:.2f}"/>'
    )


def speed_lines(random: Random, ink: str) -> str:
    """Draw slanted lines."""
    lines = []
    for _ in range(14):
        x, y, length = random.uniform(-80, 320), random.uniform(0, 300), random.uniform(90, 260)
        corners = [(x, y), (x + length, y - length * 0.45), (x + length, y - length * 0.45 + 9)]
        lines.append(_shape(corners, ink, random.uniform(0.25, 0.9)))
    return "".join(lines)


def mountains(random: Random, ink: str) -> str:
    """Draw three ridges below a sun."""
    ridges = [_circle(random.uniform(90, 310), random.uniform(60, 120), 34, ink, 0.9)]
    for layer in range(3):
        base = 170 + layer * 45
        points = [(0.0, 300.0)]
        points += [(x, base + random.uniform(-55, 40)) for x in range(0, 401, 50)]
        points.append((400.0, 300.0))
        ridges.append(_shape(points, ink, 0.25 + 0.2 * layer))
    return "".join(ridges)


def bubbles(random: Random, ink: str) -> str:
    """Draw bubbles."""
    return "".join(
        _circle(
            random.uniform(10, 390),
            random.uniform(10, 290),
            random.uniform(10, 58),
            ink,
            random.uniform(0.2, 0.8),
        )
        for _ in range(16)
    )


def balloons(random: Random, ink: str) -> str:
    """Draw balloons on strings."""
    balloons = []
    for _ in range(6):
        x, y, r = random.uniform(50, 350), random.uniform(50, 170), random.uniform(22, 42)
        balloons.append(_bar(x - 1, y + r, 2, 300, ink, 0.5))
        balloons.append(_circle(x, y, r, ink, random.uniform(0.55, 0.95)))
    return "".join(balloons)


def confetti(random: Random, ink: str) -> str:
    """Draw confetti."""
    pieces = []
    for _ in range(46):
        x, y, turn = random.uniform(0, 400), random.uniform(0, 300), random.uniform(0, 90)
        piece = _bar(x, y, 15, 7, ink, random.uniform(0.4, 1))
        pieces.append(f'<g transform="rotate({turn:.0f} {x:.0f} {y:.0f})">{piece}</g>')
    return "".join(pieces)


def blinds(random: Random, ink: str) -> str:
    """Draw light through blinds."""
    tilt, wide = random.uniform(-30, 30), random.uniform(24, 50)
    slats = "".join(
        _shape(
            [
                (0, wide * i + tilt),
                (400, wide * i - tilt),
                (400, wide * (i + 0.45) - tilt),
                (0, wide * (i + 0.45) + tilt),
            ],
            ink,
            0.7,
        )
        for i in range(-1, 14)
    )
    x, y = random.uniform(70, 330), random.uniform(80, 220)
    return slats + _circle(x, y, random.uniform(34, 66), ink, 0.85)


def viewfinder(random: Random, ink: str) -> str:
    """Draw the corners of a viewfinder and its centre."""
    corners = []
    for left, top in ((60, 50), (280, 50), (60, 200), (280, 200)):
        outer_x, outer_y = (60 if left == 60 else 340), (50 if top == 50 else 250)
        corners.append(_bar(left, outer_y - 3, 60, 6, ink))
        corners.append(_bar(outer_x - 3, top, 6, 50, ink))
    x, y = random.uniform(160, 240), random.uniform(120, 180)
    return "".join(corners) + _ring(x, y, 46, ink, 5) + _circle(x, y, 9, ink)


def curtain(random: Random, ink: str) -> str:
    """Draw the folds of a curtain."""
    gap = random.uniform(130, 270)
    folds = []
    for x in range(0, 400, 26):
        length = 300 - 150 * math.exp(-(((x - gap) / 70) ** 2))
        folds.append(_shape([(x, 0), (x + 22, 0), (x + 17, length), (x + 5, length)], ink, 0.55))
    return "".join(folds)


def night_sky(random: Random, ink: str) -> str:
    """Draw stars and a moon."""
    stars = "".join(
        _circle(random.uniform(0, 400), random.uniform(0, 300), random.uniform(1.2, 4.2), ink, 0.9)
        for _ in range(44)
    )
    x, y = random.uniform(110, 290), random.uniform(90, 190)
    moon = (
        f'<path d="M{x:.0f} {y - 60:.0f} a60 60 0 1 0 52 90 a48 48 0 1 1 -52 -90z" fill="{ink}"/>'
    )
    return stars + moon


def spotlight(random: Random, ink: str) -> str:
    """Draw somebody with a hat in a spotlight."""
    x = random.uniform(120, 280)
    cone = _shape([(x - 14, 0), (x + 14, 0), (x + 130, 262), (x - 130, 262)], ink, 0.28)
    pool = f'<ellipse cx="{x:.0f}" cy="262" rx="130" ry="24" fill="{ink}" opacity="0.6"/>'
    figure = _bar(x - 11, 176, 22, 84, "#0c0c0c") + _circle(x, 164, 15, "#0c0c0c")
    hat = _bar(x - 24, 152, 48, 6, "#0c0c0c") + _bar(x - 14, 136, 28, 18, "#0c0c0c")
    return cone + pool + figure + hat


def teeth(random: Random, ink: str) -> str:
    """Draw two rows of teeth."""
    upper, lower = [(0.0, 0.0)], [(0.0, 300.0)]
    for x in range(0, 401, 40):
        deep = x % 80 == 40
        upper.append((x, random.uniform(90, 140) if deep else random.uniform(20, 50)))
        lower.append((x, random.uniform(170, 215) if deep else random.uniform(250, 280)))
    upper.append((400.0, 0.0))
    lower.append((400.0, 300.0))
    return _shape(upper, ink, 0.9) + _shape(lower, ink, 0.9)


def big_screen(random: Random, ink: str) -> str:
    """Draw a wide screen before seats."""
    bend = random.uniform(22, 44)
    screen = (
        f'<path d="M40 70 Q200 {70 + bend:.0f} 360 70 L360 190 Q200 {190 - bend:.0f} 40 190z" '
        f'fill="{ink}" opacity="0.9"/>'
    )
    seats = "".join(_circle(x, 268, 15, ink, 0.45) for x in range(24, 400, 39))
    return screen + seats


def keys(random: Random, ink: str) -> str:
    """Draw piano keys below a wave."""
    white = "".join(_bar(x, 120, 35, 180, ink, 0.9) for x in range(3, 400, 40))
    black = "".join(
        _bar(x, 120, 22, 104, "#151515")
        for i, x in enumerate(range(29, 380, 40))
        if i % 7 not in (2, 6)
    )
    wave = "".join(
        _circle(x, 70 + 30 * math.sin(x / 46 + random.random() * 0.3), 5, ink, 0.8)
        for x in range(10, 400, 15)
    )
    return white + black + wave


def keyhole(random: Random, ink: str) -> str:
    """Draw a keyhole."""
    x, y = random.uniform(160, 240), random.uniform(105, 130)
    rings = "".join(_ring(x, y + 30, r, ink, 3, 0.35) for r in range(95, 330, 42))
    hole = _circle(x, y, 42, ink) + _shape(
        [(x - 16, y + 22), (x + 16, y + 22), (x + 38, y + 140), (x - 38, y + 140)], ink
    )
    return rings + hole


def two_circles(random: Random, ink: str) -> str:
    """Draw two circles that overlap."""
    lean, r = random.uniform(-30, 30), random.uniform(66, 84)
    return (
        _circle(158, 150 + lean, r, ink, 0.65)
        + _circle(242, 150 - lean, r, ink, 0.65)
        + "".join(_ring(200, 150, q, ink, 2, 0.3) for q in (120, 150, 180))
    )


def planet(random: Random, ink: str) -> str:
    """Draw a planet with a ring."""
    stars = "".join(
        _circle(random.uniform(0, 400), random.uniform(0, 300), random.uniform(1, 3), ink, 0.8)
        for _ in range(36)
    )
    x, y, r = random.uniform(150, 250), random.uniform(125, 175), random.uniform(54, 74)
    turn = random.uniform(-30, 30)
    orbit = (
        f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{r * 1.9:.0f}" ry="{r * 0.5:.0f}" fill="none" '
        f'stroke="{ink}" stroke-width="7" opacity="0.75" '
        f'transform="rotate({turn:.0f} {x:.0f} {y:.0f})"/>'
    )
    return stars + _circle(x, y, r, ink, 0.9) + orbit


def vertigo(random: Random, ink: str) -> str:
    """Draw rings that wind inwards."""
    x, y = random.uniform(170, 230), random.uniform(130, 170)
    return "".join(
        _ring(x + 5 * math.cos(i), y + 5 * math.sin(i), 14 + i * 22, ink, 8, 1 - i / 15)
        for i in range(13)
    )


def chevrons(random: Random, ink: str) -> str:
    """Draw chevrons."""
    shift = random.uniform(-25, 25)
    return "".join(
        _shape(
            [
                (90, y),
                (200 + shift, y - 62),
                (310, y),
                (310, y + 30),
                (200 + shift, y - 32),
                (90, y + 30),
            ],
            ink,
            opacity,
        )
        for y, opacity in ((120, 0.45), (180, 0.7), (240, 0.95))
    )


def desert(random: Random, ink: str) -> str:
    """Draw a mesa below a sun."""
    x = random.uniform(110, 290)
    sun = _circle(x, 165, 70, ink, 0.9)
    mesa = random.uniform(20, 230)
    top = _shape(
        [(mesa, 215), (mesa + 18, 140), (mesa + 112, 140), (mesa + 132, 215)], "#2a120a", 0.85
    )
    return sun + _bar(0, 212, 400, 88, "#2a120a", 0.85) + top
