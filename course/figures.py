"""House style for figures, and ``show``: the picture, then its words, then its sources.

Notebooks draw with plain matplotlib and seaborn; what is here removes noise that teaches nothing.
"""

from __future__ import annotations

import io
import textwrap

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import typed
from .data import sources_of
from .messages import CourseError, say, tell

# Okabe and Ito's palette, readable for colour-blind readers; never colour alone: labels and shapes say it too.
COLOURS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#007A5A",
    "purple": "#A3507F",
    "sky": "#3D95C9",
    "amber": "#B07800",
    "grey": "#6B6B6B",
    "black": "#1A1A1A",
}
MOST_SOURCES = 6  # names under a figure; the rest stands in the list of sources
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]


def house_style() -> None:
    """Set the session's defaults: figures on white, readable sizes, light grid, colour-blind safe cycle; tables with whole sentences."""
    pd.set_option("display.max_colwidth", None)
    plt.rcParams.update(
        {
            "figure.figsize": (8, 4.2),
            "figure.facecolor": "white",
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "axes.facecolor": "white",
            "axes.edgecolor": "#8C8C8C",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 13,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 10,
            "axes.labelsize": 11,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": plt.cycler(color=list(COLOURS.values())),
            "grid.color": "#E3E3E3",
            "grid.linewidth": 0.8,
            "font.size": 11,
            "font.family": "DejaVu Sans",
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "lines.markersize": 5,
        }
    )


def label_end(ax: Axes, x: object, y: object, text: str, colour: str, dy: float = 0) -> None:
    """Write ``text`` beside the last point of a line, in its colour, so that no legend is needed; ``dy`` moves it, in points."""
    last = pd.DataFrame({"x": list(x), "y": list(y)}).dropna().iloc[-1]
    ax.annotate(
        text,
        (last["x"], last["y"]),
        xytext=(7, dy),
        textcoords="offset points",
        color=colour,
        va="center",
        fontsize=10,
        fontweight="bold",
        annotation_clip=False,
    )


def _axes(ax: object, call: str) -> None:
    if not isinstance(ax, Axes):
        raise CourseError(say("axes_kind", call=call, value=typed.shown(ax)))


def _rows(table: object, call: str, needed: list[str], numbers: list[str], keep_index: bool = False) -> pd.DataFrame:
    """Return the table that a ``draw_`` function can draw. Raise CourseError if a column is missing, is no number, or no row is left."""
    typed.columns(table, needed, "drawn", numbers, call=call)
    if table.empty:
        raise CourseError(say("drawn_empty", call=call))
    return table if keep_index else table.reset_index(drop=True)


def draw_ranges(ax: Axes, table: pd.DataFrame, labels: str, colour: str = COLOURS["blue"]) -> None:
    """Draw one row per estimate: a bar from ``low`` to ``high`` where a range is given, a dot at ``value`` where a number is.

    ``table`` has the columns ``value``, ``low``, ``high`` (same unit, empty where not given) and ``labels``; first row on top.
    A column ``colour``, if present, colours each row.
    """
    _axes(ax, "draw_ranges")
    rows = _rows(table, "draw_ranges", ["value", "low", "high", labels], ["value", "low", "high"])
    for place, row in rows.iterrows():
        shade = row.get("colour", colour)
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            ax.plot([row["low"], row["high"]], [place, place], color=shade, linewidth=6, alpha=0.35, solid_capstyle="butt")
            ax.plot([row["low"], row["high"]], [place, place], "|", color=shade, markersize=9)  # a narrow range stays visible
        if pd.notna(row["value"]):
            ax.plot(row["value"], place, "o", color=shade, markersize=8)
    ax.set_yticks(range(len(rows)), rows[labels])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)


def draw_counts(ax: Axes, table: pd.DataFrame) -> None:
    """Draw a table of counts as a grid: the count in each square (nothing for zero), darker for more."""
    _axes(ax, "draw_counts")
    table = _rows(table, "draw_counts", [], table.columns if isinstance(table, pd.DataFrame) else [], keep_index=True)
    counts = table.to_numpy(dtype=float)
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=2 * max(counts.max(), 1), aspect="auto")  # never so dark that black figures drown
    for place, count in [((x, y), count) for y, row in enumerate(counts) for x, count in enumerate(row) if count]:
        ax.text(*place, f"{count:g}", ha="center", va="center")
    names = [", ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.index]
    ax.set_xticks(range(table.shape[1]), [str(column) for column in table])
    ax.set_yticks(range(len(table)), names)
    ax.grid(visible=False)


def _source_line(frames: tuple[pd.DataFrame, ...]) -> str:
    """Return the line under a figure: publishers and years, those who gave most of the rows first."""
    rows = sources_of(*frames)
    uses = pd.concat([frame["source"] for frame in frames]).value_counts()
    rows = rows.assign(uses=rows["source"].map(uses).fillna(0)).sort_values(["uses", "publisher"], ascending=[False, True])
    names = [row.publisher + (f" {row.year}" if pd.notna(row.year) else "") for row in rows.itertuples()]
    names = list(dict.fromkeys(names))
    if len(names) > MOST_SOURCES:
        names = [*names[: MOST_SOURCES - 1], say("source_more", count=len(names) - MOST_SOURCES + 1)]
    return say("source_line", sources="; ".join(names))


def _wrapped(text: str, figure: Figure, size: float, wide: float = 0.58) -> str:
    """Break a text so that it fits the width of the figure at this font size; ``wide`` is a letter's mean width in parts of its height."""
    return "\n".join(textwrap.wrap(text, int(figure.get_size_inches()[0] * 72 / (wide * size))))


def _lighter(png: bytes) -> bytes:
    """Return the picture with a palette of its own: a third of the bytes, and no difference to the eye."""
    import PIL.Image

    buffer = io.BytesIO()
    picture = PIL.Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(128, dither=PIL.Image.Dither.NONE).save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def show(figure: Figure, words: str, sources: pd.DataFrame | tuple[pd.DataFrame, ...] | None = None) -> None:
    """Show a figure, its source line and, after it, the words that say what it shows.

    ``words`` is a computed sentence: type of figure, range, the point. It serves readers who do not see the picture, and it is what
    the tests compare. ``sources`` is the table (or tables) of the rows drawn, with their column ``source``.
    """
    if not isinstance(figure, Figure):
        raise CourseError(say("figure_kind", kind=type(figure).__name__))
    if not isinstance(words, str) or not words.strip():
        plt.close(figure)
        raise CourseError(say("words_missing"))
    if len(figure.axes) == 1 and figure.axes[0].get_title(loc="left"):
        # From the axes to the edge of the figure, where a long title has room even beside long labels.
        title = figure.axes[0].get_title(loc="left")
        figure.axes[0].set_title("")
        figure.suptitle(_wrapped(title, figure, 13, wide=0.66), x=0.01, ha="left", fontsize=13, fontweight="bold")
    frames = sources if isinstance(sources, tuple) else (sources,)
    if sources is not None:
        line = _source_line(frames)
        figure.supxlabel(_wrapped(line, figure, 8), x=0.01, ha="left", fontsize=8, color=COLOURS["grey"])
    words = " ".join(words.split())  # so that a lesson may write them over several lines
    buffer = io.BytesIO()
    dpi = 150  # sharp on a dense screen; shown at two thirds of its size
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    width = int(figure.get_size_inches()[0] * 100)
    plt.close(figure)  # or the inline backend would draw it a second time
    from IPython.display import Image, display

    image = Image(_lighter(buffer.getvalue()), width=width)
    display(image, metadata={"image/png": {"width": width, "alt": words}})
    keys = [] if sources is None else list(sources_of(*frames)["source"])
    tell(say("words_title", words=words), {"kind": "figure", "words": words, "sources": keys})
