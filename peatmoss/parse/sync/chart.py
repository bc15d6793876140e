"""The timeline of a family: as lines for a terminal and as an SVG picture. GitHub above, the Hub below, by periods."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import NamedTuple

BARS = " ▁▂▃▄▅▆▇█"
WIDTH, SIDE, RIGHT, LANE, TOP = 960, 76, 20, 84, 46
ROW, MAX_ROWS = 16, 24
GITHUB, HUB, SHARED, INK, FAINT = "#24433a", "#c2571a", "#fff0c2", "#1d2733", "#8795a3"


class Timeline(NamedTuple):
    """Active periods: bucket -> (commits on GitHub, commits on the Hub); variants: name -> its active buckets."""

    origin: datetime
    window_days: int
    active: Mapping[int, tuple[int, int]]
    variants: Mapping[str, Sequence[int]] = {}

    @property
    def span(self) -> int:
        """Periods from the first to the last active one."""
        return max(self.active, default=-1) + 1


def lines(timeline: Timeline, width: int = 100) -> list[str]:
    """Dates, GitHub, the Hub, a mark where both were active, and a legend."""
    if not timeline.span:
        return []
    step = math.ceil(timeline.span / max(width - 8, 10))
    columns = math.ceil(timeline.span / step)
    github, hub, shared = [0] * columns, [0] * columns, [" "] * columns
    for bucket, (left, right) in timeline.active.items():
        github[bucket // step] += left
        hub[bucket // step] += right
        if left and right:
            shared[bucket // step] = "+"
    top = max(*github, *hub)
    end = timeline.origin + timedelta(days=timeline.window_days) * timeline.span
    first, last = f"{timeline.origin:%Y-%m-%d}", f"{end:%Y-%m-%d}"
    period = "one period" if step == 1 else f"{step} periods"
    return [
        " " * 8 + (f"{first}{last:>{columns - len(first)}}" if columns > 24 else f"{first} to {last}"),
        "GitHub  " + "".join(BARS[_height(n, top, len(BARS) - 1)] for n in github).rstrip(),
        "Hub     " + "".join(BARS[_height(n, top, len(BARS) - 1)] for n in hub).rstrip(),
        "both    " + "".join(shared).rstrip(),
        f"        one column is {period} of {timeline.window_days} days; height: commits (logarithmic); +: both active",
    ]


def _height(count: int, top: int, steps: int) -> int:
    """0 for none, else 1 to `steps`, on a logarithmic scale."""
    return max(1, round(steps * math.log1p(count) / math.log1p(top))) if count else 0


def svg(timeline: Timeline, title: str, notes: Sequence[str] = ()) -> str:
    """A picture of its own: no style sheet, no script, no font to load. Two variants or more have a row each."""
    rows = list(timeline.variants.items()) if len(timeline.variants) > 1 else []
    left_out, rows = max(len(rows) - MAX_ROWS, 0), rows[:MAX_ROWS]
    below = ROW * (2 * len(rows) + bool(left_out))
    height = TOP + 2 * LANE + 44 + below + 18 * len(notes)
    width = (WIDTH - SIDE - RIGHT) / max(timeline.span, 1)
    axis = TOP + LANE
    top = max((n for pair in timeline.active.values() for n in pair), default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" fill="{INK}">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{SIDE}" y="20" font-size="15" font-weight="bold">{_text(title)}</text>',
        f'<text x="8" y="{axis - LANE // 2}" fill="{GITHUB}" font-weight="bold">GitHub</text>',
        f'<text x="8" y="{axis + LANE // 2}" fill="{HUB}" font-weight="bold">Hub</text>',
    ]
    for bucket, (github, hub) in sorted(timeline.active.items()):
        x = SIDE + bucket * width
        day = f"{timeline.origin + timedelta(days=timeline.window_days) * bucket:%Y-%m-%d}"
        parts.append(f"<g><title>{day}: {github} on GitHub, {hub} on the Hub</title>")
        if github and hub:
            parts.append(_bar(x, TOP - 8, width, 2 * LANE + 16, SHARED))
        if github:
            tall = LANE * _height(github, top, 40) / 40
            parts.append(_bar(x, axis - tall, width * 0.9, tall, GITHUB))
        if hub:
            parts.append(_bar(x, axis, width * 0.9, LANE * _height(hub, top, 40) / 40, HUB))
        parts.append("</g>")
    parts.append(f'<path d="M{SIDE} {axis}H{WIDTH - RIGHT}" stroke="{FAINT}"/>')
    parts += _years(timeline, width)
    foot = TOP + 2 * LANE + 40
    for name, buckets in rows:
        parts.append(f'<text x="{SIDE}" y="{foot}" font-size="11" fill="#44525f">{_text(name)}</text>')
        for bucket in buckets:
            fill = HUB if timeline.active.get(bucket, (0, 0))[0] else FAINT
            parts.append(_bar(SIDE + bucket * width, foot + 4, width * 0.9, ROW / 2, fill))
        foot += 2 * ROW
    if left_out:
        more = f"and {left_out:,} more variant{'s' if left_out > 1 else ''}"
        parts.append(f'<text x="{SIDE}" y="{foot}" font-size="11" fill="#44525f">{more}</text>')
        foot += ROW
    parts += [f'<text x="{SIDE}" y="{foot + 18 * n}">{_text(note)}</text>' for n, note in enumerate(notes)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(text: str) -> str:
    """Text for an element: escaped, without characters that XML does not allow."""
    return escape("".join(c if c.isprintable() else "\ufffd" for c in text))


def _bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0.6):.2f}" height="{height:.2f}" fill="{fill}"/>'


def _years(timeline: Timeline, width: float) -> list[str]:
    """A mark at each year, or at the first and last period of a short or an absurdly long history."""
    days = timeline.window_days * timeline.span
    end = timeline.origin + timedelta(days=days)
    years = range(timeline.origin.year + 1, end.year + 1)
    moments = [timeline.origin.replace(year=year, month=1, day=1, hour=0, minute=0, second=0) for year in years]
    dates = moments if 2 <= len(moments) <= 20 else [timeline.origin, end]
    form = "%Y" if dates is moments else "%Y-%m-%d"
    y = TOP + 2 * LANE + 18
    marks = []
    for at in dates:
        x = SIDE + (at - timeline.origin) / timedelta(days=timeline.window_days) * width
        anchor = "end" if x > WIDTH - RIGHT - 40 else "start"
        marks.append(f'<path d="M{x:.1f} {TOP - 8}V{y - 12}" stroke="{FAINT}" stroke-dasharray="2 4"/>')
        marks.append(f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="#44525f">{at.strftime(form)}</text>')
    return marks
