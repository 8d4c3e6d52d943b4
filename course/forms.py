"""What is drawn on a figure: labels beside what they name, ranges, lines with their gaps, guesses; and squares, tiles, slopes, stacks.

Each ``draw_`` function takes axes and a plain table (or Series), and raises CourseError if a column is missing or is no number.
Colours are named by their meaning (``figures.COLOURS``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from . import typed
from .exercises import predicted
from .figures import COLOURS, UNKNOWN, ink, light, paint, told
from .messages import CourseError, nearest, say

# Where each country of grid_carbon stands on the map of tiles. Laid out by hand for this course: neighbours stand near each other;
# nothing here was measured, and no published tile grid was copied.
TILES = """
... ... ISL ... NOR SWE FIN ... ... ... ... ...
CAN ... IRL GBR ... DNK ... ... ... ... ... ...
USA ... ... BEL NLD DEU POL ... ... ... ... ...
MEX ... ... FRA LUX ... SVK AZE ... CHN KOR JPN
... ... ESP ... ... ITA JOR ... ... ... TWN ...
... ... ... ... TUN ... SAU ARE IND ... PHL ...
... BRA ... ... NGA ... KEN ... ... MYS ... ...
CHL URY ... ... ... COD ... ... ... SGP IDN ...
... ... ... ... ... ZAF ... ... ... ... ... AUS
"""
HALO = [withStroke(linewidth=3, foreground="white")]  # behind a label, so that no line strikes it
BROKEN = {
    "Azerbaijan": "Azer-\nbaijan",
    "Luxembourg": "Luxem-\nbourg",
    "Netherlands": "Nether-\nlands",
    "Philippines": "Philip-\npines",
    "United Arab Emirates": "Arab\nEmirates",
}  # names too long for a tile


# labels


def label_end(ax: Axes, x: object, y: object, text: str, colour: str, dy: float = 0) -> None:
    """Write ``text`` beside the last point of a line, in its colour, so that no legend is needed; ``dy`` moves it, in points."""
    _axes(ax, "label_end")
    if not any(letter.isalpha() for letter in typed.label(text, "label", call="label_end")):
        raise CourseError(say("label_kind", call="label_end", value=typed.shown(text)))
    dy = typed.number(dy, "label_move", least=-1000, most=1000)
    if any(isinstance(line, (str, bytes, set, frozenset, dict)) for line in (x, y)):
        raise CourseError(say("points_kind", call="label_end", value=typed.shown(y)))
    try:
        last = pd.DataFrame({"x": list(x), "y": pd.to_numeric(pd.Series(list(y)))}).dropna().iloc[-1]
        ax.convert_xunits(last["x"])
    except (TypeError, ValueError, IndexError, AttributeError):
        raise CourseError(say("points_kind", call="label_end", value=typed.shown(y))) from None
    _beside(ax, (last["x"], last["y"]), text, paint(colour), dy=dy, fontweight="bold")


def _beside(ax: Axes, point: tuple, text: str, shade: str = COLOURS["grey"], dx: float = 9, dy: float = 0, **look: object) -> None:
    """Write a label beside a point, ``dx`` points to its right (or left, if negative)."""
    look = {"va": "center", "ha": "left" if dx >= 0 else "right", "fontsize": 11, "color": ink(shade), "annotation_clip": False} | look
    ax.annotate(text, point, xytext=(dx, dy), textcoords="offset points", path_effects=HALO, **look)


def label_rows(ax: Axes, ends: Sequence[float], texts: Sequence[str] | None = None) -> None:
    """Write, at the end of each row (the first at 0), its value, or ``texts``; a row whose end is empty gets the words *no figure*."""
    _axes(ax, "label_rows")
    for row, end in enumerate(ends):
        if pd.isna(end):
            ax.text(0.01, row, say("no_figure"), transform=ax.get_yaxis_transform(), va="center", style="italic", color=COLOURS["grey"])
        else:
            _beside(ax, (end, row), told(end) if texts is None else list(texts)[row])


# what is drawn often


def _axes(ax: object, call: str) -> None:
    if not isinstance(ax, Axes):
        raise CourseError(say("axes_kind", call=call, value=typed.shown(ax)))


def _rows(table: object, call: str, needed: list[str], numbers: list[str], keep_index: bool = False) -> pd.DataFrame:
    """Return the table that a ``draw_`` function can draw. Raise CourseError if a column is missing, is no number, or no row is left."""
    typed.columns(table, needed, "drawn", numbers, call=call)
    if table.empty:
        raise CourseError(say("drawn_empty", call=call))
    return table if keep_index else table.reset_index(drop=True)


def draw_ranges(ax: Axes, table: pd.DataFrame, labels: str, colour: str = "measured", values: bool | str = True) -> None:
    """Draw one row per estimate: a bar from ``low`` to ``high`` where a range is given, a dot at ``value`` where a number is.

    ``table`` has the columns ``value``, ``low``, ``high`` (same unit, empty where not given) and ``labels``; first row on top. A bound
    alone is an arrow; a row without any number says *no figure*. ``values`` writes the numbers at the end of each row, in a form such
    as ``"{:.0f}"`` if it is one. A column ``colour``, if present, colours each row.
    """
    _axes(ax, "draw_ranges")
    typed.label(labels, "label", call="draw_ranges")
    rows = _rows(table, "draw_ranges", ["value", "low", "high", labels], ["value", "low", "high"])
    paint(colour)
    texts, write = [], values.format if isinstance(values, str) else told
    for place, row in rows.iterrows():
        shade, (low, value, high) = paint(row.get("colour", colour)), row[["low", "value", "high"]]
        whole = pd.notna(low) and pd.notna(high)
        if whole:
            ax.plot([low, high], [place, place], color=shade, linewidth=6, alpha=0.35, solid_capstyle="butt")
            ax.plot([low, high], [place, place], "|", color=shade, markersize=9)  # a narrow range stays visible
        if pd.notna(value):
            ax.plot(value, place, "o", color=shade, markersize=8)
        elif not whole and (pd.notna(low) or pd.notna(high)):
            ax.plot(low if pd.notna(low) else high, place, ">" if pd.notna(low) else "<", color=shade, markersize=8)
        texts.append(_range_text(low, value, high, write))
    if values:
        label_rows(ax, rows[["low", "value", "high"]].max(axis=1), texts)
    ax.set_yticks(range(len(rows)), rows[labels])
    ax.set_ylim(len(rows) - 0.4, -0.6)  # no row on the frame
    ax.margins(x=0.06)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)


def _range_text(low: float, value: float, high: float, write: Callable[[float], str]) -> str:
    """Write a range as the end of its row does."""
    low, value, high = ("" if pd.isna(number) else write(number) for number in (low, value, high))
    if low and high and low != high:
        span = say("range", low=low, high=high)
        return f"{value} ({span})" if value else span
    if value or (low and high):
        return value or low
    return say("at_least", value=low) if low else say("at_most", value=high)


def draw_line(ax: Axes, values: pd.Series, label: str = "", colour: str = "measured", dy: float = 0) -> None:
    """Draw a series over its index (years, or other numbers in even steps) as a line with its ``label`` at the end.

    A missing step, empty or not in the index, stays a gap, marked *no figure*: missing is not zero, and nobody drew it through.
    """
    _axes(ax, "draw_line")
    if not isinstance(values, pd.Series):
        raise CourseError(say("line_kind", value=typed.shown(values)))
    known = values.dropna().astype(float).sort_index()
    if known.empty:
        raise CourseError(say("drawn_empty", call="draw_line"))
    first, gaps = known.index[0], np.diff(known.index.astype(float))
    step = min(gaps, default=1)
    steps = np.round((known.index - first) / step).astype(int)
    whole = pd.Series(known.to_numpy(), index=steps).reindex(range(steps[-1] + 1))
    ax.plot(first + step * whole.index, whole, "-o", color=paint(colour), markersize=3.5)
    for before, after in pairwise(steps):
        if after - before > 1:
            middle = (first + step * (before + after) / 2, (whole[before] + whole[after]) / 2)
            _beside(ax, middle, say("no_figure"), dx=0, ha="center", style="italic", fontsize=10)
    if label:
        label_end(ax, known.index, known, label, colour, dy)


def draw_guess(ax: Axes, name: str, at: object, truth: float, across: bool = False) -> None:
    """Draw the learner's prediction ``name`` as a ring joined to the ``truth``; nothing if it was not guessed, or is not a number.

    ``at`` is its place on the other axis: the year of a line, or, with ``across``, the row (its number or its label). Call it last,
    when the limits of the axes stand: a guess beyond them is an arrow at the edge. Its value is written beside it.
    """
    _axes(ax, "draw_guess")
    guess = predicted(name)
    if isinstance(guess, bool) or not isinstance(guess, (int, float)):
        return
    if across and isinstance(at, str):
        rows = dict(zip([label.get_text() for label in ax.get_yticklabels()], ax.get_yticks(), strict=True))
        if at not in rows:
            raise CourseError(say("guess_row", name=at, nearest=nearest(at, list(rows))))
        at = rows[at]
    low, high = sorted(ax.get_xlim() if across else ax.get_ylim())
    place, shade = min(max(guess, low), high), COLOURS["you"]
    shape = "o" if place == guess else (">" if guess > high else "<") if across else ("^" if guess > high else "v")
    row = at + 0.36 if across else at  # under the row, whose end holds its number
    ends = ([place, truth], [row, row]) if across else ([row, row], [place, truth])
    still = {"scalex": False, "scaley": False, "clip_on": False, "color": shade, "zorder": 5}
    ax.plot(*ends, linewidth=1.5, alpha=0.7, **still)
    ax.plot(ends[0][:1], ends[1][:1], shape, mfc="white", mew=2.5, ms=9, **still)
    first = not any(text.get_gid() == "guess" for text in ax.texts)
    text = say("guess", value=told(guess)) if first else told(guess)
    room = (place - low) / (high - low)  # of the ring, from the lower edge
    beside = across or not 0.12 < room < 0.9  # where the words would leave the frame, they stand at the side
    side = {"dx": 10} if beside else {"dx": 0, "dy": -16 if guess < truth else 16, "ha": "center"}
    _beside(ax, (ends[0][0], ends[1][0]), text, shade, fontweight="bold", gid="guess", **side)


def draw_counts(ax: Axes, table: pd.DataFrame) -> None:
    """Draw a table of counts as a grid: the count in each square (nothing for zero), darker for more."""
    _axes(ax, "draw_counts")
    table = _rows(table, "draw_counts", [], table.columns if isinstance(table, pd.DataFrame) else [], keep_index=True)
    counts = table.to_numpy(dtype=float)
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=2 * max(counts.max(), 1), aspect="auto")  # never so dark that black figures drown
    for place, number in [((x, y), number) for y, row in enumerate(counts) for x, number in enumerate(row) if number]:
        ax.text(*place, f"{number:g}", ha="center", va="center")
    names = [", ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.index]
    ax.set_xticks(range(table.shape[1]), [str(column) for column in table])
    ax.set_yticks(range(len(table)), names)
    ax.grid(visible=False)


# rarer forms


def _spread(places: Sequence[float], gap: float) -> list[float]:
    """Return the places moved apart by at least ``gap``, as little as that needs, in their order."""
    order = np.argsort(places, kind="stable")
    groups: list[list[float]] = []  # [sum of wished starts, count] of labels that touch
    for place in np.asarray(places, dtype=float)[order]:
        groups.append([place, 1])
        while len(groups) > 1 and _start(groups[-2], gap) + gap * groups[-2][1] > _start(groups[-1], gap):
            last = groups.pop()
            groups[-1] = [groups[-1][0] + last[0], groups[-1][1] + last[1]]
    moved = [_start(group, gap) + gap * index for group in groups for index in range(group[1])]
    return [moved[list(order).index(index)] for index in range(len(order))]


def _start(group: list[float], gap: float) -> float:
    """Return where the first label of a group stands: the group is centred on the mean of its wishes."""
    return group[0] / group[1] - gap * (group[1] - 1) / 2


def _on(shade: str) -> str:
    """Return the colour of words that stand on this colour."""
    return "white" if light(shade) < 0.179 else "black"


def ramp(colour: str, steps: int) -> list[str]:
    """Return ``steps`` shades of one hue, dark first, for what has an order."""
    scale = LinearSegmentedColormap.from_list("ramp", [paint(colour), "#DDE3EA"])
    return [to_hex(scale(step)) for step in np.linspace(0, 1, steps)]


def draw_units(ax: Axes, table: pd.DataFrame, labels: str, each: float, unit: str, across: int = 50) -> None:
    """Draw each row's ``value`` as squares of ``each`` ``unit``, ``across`` in a line; the last square is cut where the value ends.

    ``table`` has the columns ``labels`` and ``value`` (empty: *no figure*), and may have ``colour``. The figure takes the height it needs.
    """
    _axes(ax, "draw_units")
    rows = _rows(table, "draw_units", [labels, "value"], ["value"])
    squares = rows["value"] / typed.number(each, "units_each", above=0)
    if squares.sum() > 3000:
        raise CourseError(say("units_many", count=told(squares.sum())))
    down = 0.0
    for (_, row), number in zip(rows.iterrows(), squares, strict=True):
        shade = paint(row.get("colour", "measured"))
        amount = say("no_figure") if pd.isna(number) else f"{told(row['value'])} {unit}"
        ax.text(0, down + 0.8, row[labels], color=ink(shade), fontweight="bold", va="center")
        ax.text(across, down + 0.8, amount, color=ink(shade), va="center", ha="right")
        lines = 0 if pd.isna(number) else int(np.ceil(number / across))
        for index in range(0 if pd.isna(number) else int(np.ceil(number))):
            corner = (index % across, down + 1.8 + index // across)
            ax.add_patch(Rectangle(corner, 0.8 * min(1, number - index), 0.8, color=shade, linewidth=0))
        down += 1.8 + lines + 0.9
    ax.add_patch(Rectangle((0, down + 0.1), 0.8, 0.8, color=COLOURS["grey"], linewidth=0))
    ax.text(1.4, down + 0.5, say("units_key", each=told(each), unit=unit), va="center", color=COLOURS["grey"])
    ax.set(xlim=(-0.2, across + 0.2), ylim=(down + 1.2, -0.2), aspect="equal")
    ax.set_axis_off()
    wide = ax.figure.get_size_inches()[0]
    ax.figure.set_size_inches(wide, wide * (down + 1.4) / (across + 0.4))


def draw_tiles(ax: Axes, table: pd.DataFrame, colour: str = "measured", most: float | None = None) -> None:
    """Draw one tile per country, about where it lies, with its ``value``; the more, the darker (``most``, or the largest, is darkest).

    ``table`` has the columns ``country``, ``iso3`` and ``value``, one row per country; an empty value gives a hatched tile. Where the
    tiles stand is a drawing of ours (``TILES``), not a measurement; all are of one size.
    """
    _axes(ax, "draw_tiles")
    rows = table.dropna(subset=["iso3"]) if isinstance(table, pd.DataFrame) and "iso3" in table else table
    rows = _rows(rows, "draw_tiles", ["country", "iso3", "value"], ["value"])
    places = {code: (x, y) for y, line in enumerate(TILES.split("\n")[1:-1]) for x, code in enumerate(line.split())}
    for key, bad in (("tiles_twice", rows["iso3"].duplicated()), ("tiles_none", ~rows["iso3"].isin(places))):
        if bad.any():
            raise CourseError(say(key, countries=", ".join(rows.loc[bad, "iso3"].unique())))
    scale = LinearSegmentedColormap.from_list("tiles", ["#F1F4F8", paint(colour)])
    most = rows["value"].max() if most is None else most
    for row in rows.itertuples():
        x, y = places[row.iso3]
        name = BROKEN.get(row.country, row.country.replace(" ", "\n", 1))
        shade = "#FFFFFF" if pd.isna(row.value) else to_hex(scale(min(1.0, row.value / most)))
        look = UNKNOWN if pd.isna(row.value) else {"facecolor": shade, "edgecolor": "white"}
        ax.add_patch(Rectangle((x, y), 0.96, 0.96, **look))
        ax.text(x + 0.48, y + 0.32, name, ha="center", va="center", fontsize=9, color=_on(shade), linespacing=0.95)
        text = say("tile_none") if pd.isna(row.value) else told(row.value)
        ax.text(x + 0.48, y + 0.75, text, ha="center", va="center", fontsize=11.5, fontweight="bold", color=_on(shade))
    ax.set(xlim=(0, 12), ylim=(9, 0))
    ax.set_axis_off()


def draw_slopes(ax: Axes, table: pd.DataFrame, labels: str, left: str | int, right: str | int, shown: Sequence[str] = ()) -> None:
    """Draw one line per row from its number in column ``left`` to that in ``right``, named at its right end, with both numbers.

    The rows whose label is in ``shown`` stand out, the others are grey; a column ``colour`` colours each row. A row with one number
    only is a dot: *no figure* stands for the other.
    """
    _axes(ax, "draw_slopes")
    rows = _rows(table, "draw_slopes", [labels, left, right], [left, right])
    ends = rows[[left, right]].astype(float)
    tall = (ends.max().max() - ends.min().min()) or 1
    gap = tall * 15 / (72 * 0.8 * ax.figure.get_size_inches()[1])  # a line of text, in the units of the axis
    shades = [paint(row.get("colour", "measured" if row[labels] in shown else "grey")) for _, row in rows.iterrows()]
    for (_, row), (start, end), shade in zip(rows.iterrows(), ends.to_numpy(), shades, strict=True):
        strong = row[labels] in shown or "colour" in rows
        ax.plot([0, 1], [start, end], "-o", color=shade, linewidth=2.2 if strong else 1.2, alpha=1 if strong else 0.7)
    for side, column in enumerate((left, right)):
        here = ends[column].fillna(ends[right if side == 0 else left])
        for index, moved in enumerate(_spread(list(here), gap)):
            number = say("no_figure") if pd.isna(ends[column][index]) else told(ends[column][index])
            text = f"{rows[labels][index]}  {number}" if side else number
            look = {"color": ink(shades[index]), "va": "center", "fontsize": 11}
            if rows[labels][index] in shown:
                look["fontweight"] = "bold"
            ax.plot([side, side + (0.035 if side else -0.035)], [here[index], moved], color="#BBBBBB", linewidth=0.7, clip_on=False)
            ax.text(side + (0.045 if side else -0.045), moved, text, ha="left" if side else "right", clip_on=False, **look)
    ax.set_xticks([0, 1], [str(left), str(right)])
    ax.set(xlim=(-0.02, 1.02), ylim=(ends.min().min() - gap, ends.max().max() + gap))
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)


def draw_flows(ax: Axes, sides: dict[str, pd.Series], total: float = 100, colour: str = "measured") -> None:
    """Draw two stacks, one for each title of ``sides``, whose parts are named; a band joins the parts of one name on both sides.

    Each side is a Series of parts of ``total``, indexed by name. What is missing to the total is hatched: *not given*. A band says only
    that the name is the same: who is joined to whom inside the stacks, no total knows.
    """
    _axes(ax, "draw_flows")
    if not isinstance(sides, dict) or len(sides) != 2 or not all(isinstance(side, pd.Series) for side in sides.values()):
        raise CourseError(say("flows_kind", value=typed.shown(sides)))
    edges: list[dict] = []
    gap = total * 15 / (72 * 0.85 * ax.figure.get_size_inches()[1])
    for column, side in enumerate(sides.values()):
        rest = total - side.sum()
        if rest < -0.5:
            raise CourseError(say("flows_over", sum=told(side.sum()), total=told(total)))
        names, parts = [*side.index], [*side.astype(float)]
        if rest > 0.5:
            names, parts = [*names, say("not_given")], [*parts, rest]
        starts = np.cumsum([0, *parts[:-1]])
        edges.append(dict(zip(names, zip(starts, np.cumsum(parts), strict=True), strict=True)))
        for name, part, start, text in zip(names, parts, starts, _spread(list(starts + np.array(parts) / 2), gap), strict=True):
            known = name != say("not_given")
            look = {"facecolor": paint(colour), "edgecolor": "white", "linewidth": 1.2} if known else UNKNOWN
            ax.add_patch(Rectangle((column - 0.06, start), 0.12, part, zorder=2, **look))
            spot = column + (-0.1 if column == 0 else 0.1)
            ax.plot([column + (-0.06 if column == 0 else 0.06), spot], [start + part / 2, text], color="#BBBBBB", linewidth=0.7)
            words = f"{name}  {told(round(part, 1))}"
            ax.text(spot, text, words, ha="right" if column == 0 else "left", va="center", color=COLOURS["ink" if known else "grey"])
    for name in edges[0].keys() & edges[1].keys() - {say("not_given")}:
        (low, high), (there, top) = edges[0][name], edges[1][name]
        ease = (1 - np.cos(np.linspace(0, np.pi, 40))) / 2
        x = np.linspace(0.06, 0.94, 40)
        ax.fill_between(
            x, low + (there - low) * ease, high + (top - high) * ease, facecolor=paint(colour), edgecolor="white", alpha=0.25, linewidth=1
        )
    ax.set_xticks([0, 1], list(sides), fontweight="bold")
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(xlim=(-0.7, 1.7), ylim=(total * 1.02, -total * 0.02))
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def draw_shares(ax: Axes, counts: pd.DataFrame, colour: str = "ink", unknown: Sequence[str] = ()) -> None:
    """Draw each row of a table of counts as a bar of 100 %, in the order of its columns, dark first; the row's count stands at its end.

    Columns in ``unknown`` are hatched: nobody could say. Shares from 6 % on are written in their place.
    """
    _axes(ax, "draw_shares")
    table = _rows(counts, "draw_shares", list(unknown), counts.columns if isinstance(counts, pd.DataFrame) else [], keep_index=True)
    shares = 100 * table.div(table.sum(axis=1), axis=0)
    known = [name for name in table if name not in unknown]
    shades = dict(zip(known, ramp(colour, len(known)), strict=True))
    for place, (_, row) in enumerate(shares.iterrows()):
        start = 0.0
        for name, share in row.items():
            look = {"facecolor": shades[name], "edgecolor": "white"} if name in shades else UNKNOWN
            ax.barh(place, share, left=start, height=0.62, **look)
            if share >= 6:
                look = {} if name in shades else {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}}
                look["color"] = _on(shades.get(name, "#FFFFFF"))
                ax.text(start + share / 2, place, f"{share:.0f}", ha="center", va="center", **look)
            start += share
    label_rows(ax, [100] * len(table), [say("count_of", count=told(number)) for number in table.sum(axis=1)])
    ax.set_yticks(range(len(table)), [str(name) for name in table.index])
    ax.set(xlim=(0, 100), ylim=(len(table) - 0.5, -0.5))
    looks = [Patch(label=str(name), **({"facecolor": shades[name]} if name in shades else UNKNOWN)) for name in table]
    ax.legend(handles=looks, loc="lower left", bbox_to_anchor=(0, 1), ncols=min(len(looks), 4), handlelength=1.2, borderaxespad=0.2)
    ax.grid(visible=False)
