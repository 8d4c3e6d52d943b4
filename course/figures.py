"""House style for figures, and ``show``: the finding, the picture, one sentence, then its sources.

Notebooks draw with plain matplotlib and seaborn; what is here gives colours their meaning and removes noise that teaches nothing.
Labels, ranges and the other forms are in ``forms.py``. A colour is asked for by what it means: ``"claim"``, ``"you"``.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from itertools import count

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import is_color_like, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, LogFormatter, NullFormatter, ScalarFormatter

from . import typed
from .data import resource, sources_of
from .exercises import waiting
from .messages import RECORD_MIME, CourseError, nearest, say, tell

# What each colour means, everywhere. Colours of one family may meet in a figure; a test keeps them apart for colour-blind eyes.
COLOURS = {
    "ink": "#1A1A1A",
    "grey": "#5F5F5F",  # words, axes, and what only stands beside
    "unknown": "#949494",  # hatched where it is an area: see UNKNOWN
    "measured": "#0B62B8",
    "estimated": "#4596DC",
    "claim": "#C8401A",
    "you": "#7A1F62",
    "critic": "#1F6B55",
    "promoter": "#9A6E0A",
    "resources": "#5E2405",
    "labour": "#2A8219",
    "data": "#7048E0",
}
FAMILIES = [
    ("measured", "estimated", "claim", "unknown", "you", "ink"),
    ("critic", "promoter", "unknown", "you", "ink"),
    ("resources", "labour", "data", "unknown", "you", "ink"),
]
UNKNOWN = {"facecolor": "white", "edgecolor": COLOURS["unknown"], "hatch": "////"}  # the look of an area that nobody has counted
WHO = ["agency", "producer", "estimated_by"]  # columns that name whoever counted
MOST_NAMES = 4  # names under a figure; the rest stands in the list of sources
SIZES = {"title": 15, "facts": 11.5, "source": 10}  # in points; the smallest is legible where the page is 1100 pixels wide


def house_style() -> None:
    """Set the session's defaults: figures on white, readable sizes, light grid, one hue and greys; tables with whole sentences."""
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
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 10,
            "axes.labelsize": 11.5,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": plt.cycler(color=[COLOURS[name] for name in ("measured", "ink", "unknown", "estimated", "grey")]),
            "grid.color": "#E3E3E3",
            "grid.linewidth": 0.8,
            "hatch.linewidth": 0.6,
            "font.size": 11.5,
            "font.family": "DejaVu Sans",
            "xtick.labelsize": 11,
            "ytick.labelsize": 11,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "lines.markersize": 5,
        }
    )


# colours and numbers


def colour(meaning: str) -> str:
    """Return the colour (as #RRGGBB) that has this meaning in every figure. Raise CourseError, with the nearest name, if none has."""
    if typed.name(meaning, "colour") not in COLOURS:
        raise CourseError(say("colour_unknown", value=meaning, nearest=nearest(meaning, list(COLOURS)), known=", ".join(COLOURS)))
    return COLOURS[meaning]


def paint(shade: str) -> str:
    """Return the colour of a meaning; any other colour as it is. Raise CourseError for what is no colour."""
    if not isinstance(shade, str) or not (shade in COLOURS or is_color_like(shade)):
        return colour(shade)  # which says why
    return COLOURS.get(shade, shade)


def light(shade: str) -> float:
    """Return the relative luminance of a colour: 0 for black, 1 for white."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(shade)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ink(shade: str) -> str:
    """Return the colour for words on white that belong to something of this colour: grey where the colour is too light to read."""
    return shade if 1.05 / (light(shade) + 0.05) >= 4.5 else COLOURS["grey"]


def told(number: float) -> str:
    """Write a number as a label holds it: 0.0123, 72.7, 12,345, 3.6 million; nothing is left of a whole number but that number."""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(number) >= size:
            return f"{number / size:,.3g} {word}" if abs(number) < 1000 * size else f"{number / size:,.0f} {word}"
    if abs(number) >= 999.5:
        return f"{number:,.0f}"
    text = f"{number:.3g}"
    return text if "e" not in text else f"{number:.6f}".rstrip("0")


# show


def _unit(frames: tuple[pd.DataFrame, ...], unit: str) -> str:
    """Return the unit of a column of the tables, as the Data Package has it; any other text as it is."""
    for frame in (frame for frame in frames if unit in frame):
        table = frame.attrs.get("table")
        fields = resource(table)["schema"]["fields"] if table else []
        known = next((field.get("unit", "") for field in fields if field["name"] == unit), "")
        if known and not known.startswith("see "):
            return known
        if "unit" in frame and frame["unit"].nunique() == 1:
            return str(frame["unit"].dropna().iloc[0])
        raise CourseError(say("figure_unit", column=unit))
    return unit


def _years(frames: tuple[pd.DataFrame, ...]) -> str:
    """Return the first and the last year of the rows; empty if no row has one."""
    plain = [frame.reset_index() if "year" in frame.index.names else frame for frame in frames]
    years = pd.concat([pd.Series(dtype=float), *(frame["year"].astype(float) for frame in plain if "year" in frame)]).dropna()
    if years.empty:
        return ""
    ends = [f"{year:.0f}" for year in (years.min(), years.max())]
    return ends[0] if ends[0] == ends[1] else say("range", low=ends[0], high=ends[1])


def _some(names: list[str], between: str = ", ") -> str:
    """Return the names, or the first of them and how many more there are."""
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], say("source_more", count=len(names) - MOST_NAMES + 1)]
    return between.join(names)


def _counters(frames: tuple[pd.DataFrame, ...]) -> str:
    """Return who counted, as the rows name it, those of most rows first; empty if the tables do not name it."""
    named = [frame[column] for frame in frames for column in WHO if column in frame]
    counted = pd.concat(named).value_counts().drop("not named", errors="ignore") if named else {}
    return say("counted_by", who=_some(list(counted.index))) if len(counted) else ""


def _source_line(frames: tuple[pd.DataFrame, ...]) -> str:
    """Return the line under a figure: who made the figures (for a relay, whom it relays), first those who measured and were read
    themselves, then all others read themselves; among equals those of most rows."""
    rows = sources_of(*frames)
    used = pd.concat([frame.reindex(columns=["source", "basis", "seen"]) for frame in frames])
    used["own"] = used["seen"].isin(["primary", "copy proven"])
    used["measured"] = used["basis"] == "measured"
    used["both"] = used["own"] & used["measured"]
    by = used.groupby("source")
    ranks = by[["both", "own", "measured"]].any().assign(uses=by.size())
    rows = rows.join(ranks, on="source").fillna({"uses": 0})
    rows["who"] = rows["origin"].fillna(rows["publisher"])
    rows = rows.sort_values([*ranks.columns, "who"], ascending=[False, False, False, False, True])
    line = say("source_line", sources=_some(list(dict.fromkeys(rows["who"])), "; "))
    return line + (say("source_read", count=len(rows)) if len(rows) > 1 else "")


def _wrapped(text: str, figure: Figure, size: float, weight: str = "normal") -> list[str]:
    """Break a text so that it fits the width of the figure at this font size."""
    face, room, lines = FontProperties(size=size, weight=weight), 0.965 * 72 * figure.get_size_inches()[0], [""]
    for word in text.replace(" %", "\u00a0%").split(" "):  # a per cent sign stays with its number
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and text_to_path.get_text_width_height_descent(longer, face, ismath=False)[0] > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _frame(figure: Figure, title: str, facts: str, source: str) -> None:
    """Write title and facts over the drawing and the source under it; the figure grows by what they need."""
    blocks = []  # (text, height in inches, look), from the top
    for text, kind, weight in ((title, "title", "bold"), (facts, "facts", "normal"), (source, "source", "normal")):
        size, tone = SIZES[kind], COLOURS["ink" if kind == "title" else "grey"]
        lines = _wrapped(text, figure, size, weight) if text else []
        look = {"fontsize": size, "fontweight": weight, "color": tone, "linespacing": 1.2}
        blocks.append(("\n".join(lines), len(lines) * size * 1.3 / 72, look))
    width, height = figure.get_size_inches()
    pad = 0.08
    head = sum(tall for _, tall, _ in blocks[:2]) + (2 * pad if title or facts else 0)
    foot = blocks[2][1] + (2 * pad if source else 0)
    total = height + head + foot
    figure.set_size_inches(width, total)
    layout = figure.get_layout_engine()
    if layout is None or not hasattr(layout, "set"):
        figure.set_layout_engine("constrained")
        layout = figure.get_layout_engine()
    layout.set(rect=(0.006, foot / total, 0.984, height / total))
    top = total - pad
    for (text, _, look), at in zip(blocks, (top, top - blocks[0][1], blocks[2][1] + pad), strict=True):
        if text:
            figure.text(0.01, at / total, text, ha="left", va="top", **look).set_in_layout(False)


def _axes_said(figure: Figure) -> list[str]:
    """Return what a reader must know of the axes of numbers: that one is logarithmic, and by how much it multiplies, or where it begins.

    An axis of the figure's own unit (one without a label) that begins at less than half of its end is drawn from zero; any other begins
    at a mark.
    """
    said = []
    for axis in (axis for ax in figure.axes if ax.axison for axis in (ax.xaxis, ax.yaxis)):
        low, high = axis.get_view_interval()
        if axis.get_scale() == "log":
            ticks = [tick for tick in axis.get_majorticklocs() if low <= tick <= high]
            said.append(say("axis_log", ratio=told(ticks[1] / ticks[0]) if len(ticks) > 1 else "10"))
        elif type(axis.get_major_formatter()) is not ScalarFormatter or axis.label.get_text() or 1800 <= low <= high <= 2100:
            continue
        elif 0 < low < high / 2:
            axis.set_view_interval(0, high, ignore=True)
        elif 0 < low < high:
            step = np.diff(axis.get_majorticklocs()[:2])[0]
            low = np.floor(low / step + 1e-9) * step  # on a mark of the axis
            axis.set_view_interval(low, high, ignore=True)
            said.append(say("axis_from", low=told(low)))
    return list(dict.fromkeys(said))


def _easy_axes(figure: Figure) -> None:
    """Write large numbers on the axes for people: thousands separated, millions and more in words, also on a log axis."""
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        written, most = axis.get_major_formatter(), max(map(abs, axis.get_view_interval()))
        if isinstance(written, LogFormatter):
            axis.set_minor_formatter(NullFormatter())
        if isinstance(written, LogFormatter) or (type(written) is ScalarFormatter and most >= 10_000):
            axis.set_major_formatter(FuncFormatter(lambda number, _: told(number)))


def _png(figure: Figure) -> bytes:
    """Return the picture, sharp on a dense screen, with a palette of its own, which keeps what is rare: a third of the bytes."""
    import PIL.Image

    figure.set_dpi(150)  # shown at two thirds of its size
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = PIL.Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    picture.quantize(128, method=PIL.Image.Quantize.MAXCOVERAGE, dither=PIL.Image.Dither.NONE).save(buffer, format="png", optimize=True)
    return buffer.getvalue()


_moving: list | None = None  # while a slider draws: the outputs that it shows again, each in its own place
_slots = count(1)


def _put(place: int, data: dict, metadata: dict | None = None) -> None:
    """Show an output, or, when a slider moves, show it in the place of the one before."""
    from IPython.display import display

    if _moving is None:
        display(data, metadata=metadata, raw=True)
    elif place < len(_moving):
        _moving[place].update(data, metadata=metadata, raw=True)
    else:
        _moving.append(display(data, metadata=metadata, raw=True, display_id=f"figure-{next(_slots)}"))


def show(
    figure: Figure,
    words: str,
    sources: pd.DataFrame | tuple[pd.DataFrame, ...] | None = None,
    *,
    more: str = "",
    title: str = "",
    unit: str = "",
    years: str | None = None,
    who: str | None = None,
    after: str | tuple[str, ...] = (),
    give: bool = False,
) -> tuple[bytes, str] | None:
    """Show a figure under its finding, a grey line of facts and over its sources, then one sentence that says what it shows.

    ``words`` is that sentence, computed; ``more`` holds all other numbers, in a fold: both serve readers who do not see the picture, and
    are what the tests compare. ``sources`` is the table (or tables) of the rows drawn, with their column ``source``. ``title`` is the
    finding (or the title of the axes). The grey line: ``unit`` is the name of the column drawn (its unit is that of the Data Package),
    or the unit of what was computed; ``years`` and ``who`` are taken from the rows (columns year, agency ...) where not given; "" leaves
    them out. ``after`` names the predictions that come first: until they are guessed, or shown by ``outcome``, the figure has neither
    title nor words, so that no renderer tells what a fold hides. With ``give``, nothing is shown: the picture (PNG) and its words are
    returned.
    """
    if not isinstance(figure, Figure):
        raise CourseError(say("figure_kind", kind=type(figure).__name__))
    if not isinstance(words, str) or not any(letter.isalpha() for letter in words):
        plt.close(figure)
        raise CourseError(say("words_missing"))
    frames = () if sources is None else sources if isinstance(sources, tuple) else (sources,)
    if sources is not None and not (frames and all(isinstance(frame, pd.DataFrame) for frame in frames)):
        plt.close(figure)
        raise CourseError(say("sources_kind", value=typed.shown(sources)))
    if not title and len(figure.axes) == 1:
        title = figure.axes[0].get_title(loc="left")
        figure.axes[0].set_title("", loc="left")
    title, words, more = (" ".join(text.split()) for text in (title, words, more))  # so that a lesson may write them over several lines
    waits = waiting((after,) if isinstance(after, str) else tuple(after))
    asked = say("figure_waits", names=", ".join(f"`{name}`" for name in waits))
    if waits:
        title, words, more = "", asked.replace("*", "").replace("`", ""), ""  # an alternative text is no Markdown
    parts = [_unit(frames, unit), _years(frames) if years is None else years, _counters(frames) if who is None else who]
    parts += _axes_said(figure)
    _easy_axes(figure)
    _frame(figure, title, " · ".join(part for part in parts if part), _source_line(frames) if frames else "")
    png = _png(figure)
    plt.close(figure)  # or the inline backend would draw it a second time
    whole = " ".join(part for part in (f"{title.rstrip('.')}." if title else "", words, more) if part)
    if give:
        return png, whole
    keys = list(sources_of(*frames)["source"]) if frames else []
    record = {"kind": "figure", "words": words, "more": more, "title": title, "sources": keys} | ({"waits": waits} if waits else {})
    in_words = say("words_title", words=words) + (say("words_more", more=more) if more else "")
    text = asked if waits else in_words
    # the plain form of a picture is its words, from its second line on
    image = {"image/png": base64.b64encode(png).decode(), "text/plain": f"{say('figure_plain')}\n{whole}"}
    _put(0, image, {"image/png": {"width": int(figure.get_size_inches()[0] * 100), "alt": whole}})
    if _moving is None:
        return tell(text, record)
    return _put(1, {"text/markdown": f" \n{text}", "text/plain": f" \n{text}", RECORD_MIME: record})


def slider(draw: Callable[..., None], **ranges: tuple) -> None:
    """Show what ``draw`` shows (it ends with ``show``), and a slider or a list of choices for each of its arguments.

    A range is (from, to, step, start), or a list of choices of which the first is the start, as in
    ``slider(draw, threshold=(0.1, 0.9, 0.1, 0.7), country=["France", "Poland"])``.
    Moving one calls ``draw`` again, and the new picture takes the place of the old. Where no kernel runs, the picture of the start stays.
    """
    global _moving
    starts = {name: span[0] if isinstance(span, list) else span[3] for name, span in ranges.items()}
    outputs: list = []

    def move(**values: object) -> None:
        global _moving
        _moving = outputs
        try:
            draw(**values)
        finally:
            _moving = None

    _controls(move, starts, ranges)
    move(**starts)


def _controls(move: Callable[..., None], starts: dict, ranges: dict) -> None:
    """Show the sliders; their plain form is a sentence, for a page that nobody can move."""
    from IPython.display import display

    try:
        import ipywidgets as widgets
    except ImportError:
        return
    wide = {"continuous_update": False, "layout": {"width": "32em"}, "style": {"description_width": "12em"}}
    controls = {}
    for name, span in ranges.items():
        label = name.replace("_", " ")
        if isinstance(span, list):
            controls[name] = widgets.Dropdown(options=span, description=label, layout=wide["layout"], style=wide["style"])
        else:
            kind = widgets.IntSlider if all(isinstance(part, int) for part in span) else widgets.FloatSlider
            controls[name] = kind(min=span[0], max=span[1], step=span[2], value=starts[name], description=label, **wide)
    for control in controls.values():
        control.observe(lambda change: move(**{name: control.value for name, control in controls.items()}), names="value")
    box = widgets.VBox(list(controls.values()))
    view = box._repr_mimebundle_() | {"text/plain": say("slider_plain", names=", ".join(name.replace("_", " ") for name in ranges))}
    view.pop("text/html", None)
    display(view, raw=True)
