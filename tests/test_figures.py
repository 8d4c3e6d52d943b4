"""Figures: words are required, sources are named, colours have one meaning, and every form draws its table and nothing else."""

from __future__ import annotations

import base64
import io
from itertools import combinations

import matplotlib

matplotlib.use("Agg")

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import PIL.Image
import pytest
from matplotlib.colors import to_rgb

from course import (
    COLOURS,
    UNKNOWN,
    CourseError,
    colour,
    draw_counts,
    draw_flows,
    draw_guess,
    draw_line,
    draw_ranges,
    draw_shares,
    draw_slopes,
    draw_tiles,
    draw_units,
    exercises,
    figures,
    forms,
    house_style,
    label_end,
    label_rows,
    load,
    show,
    slider,
)


@pytest.fixture(autouse=True)
def closed():
    """Each test leaves no figure open."""
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What figures hand to the notebook: (data, metadata) of each output, updates included."""
    got = []

    class Handle:
        def update(self, data, metadata=None, raw=False):
            got.append((data, metadata))

    def display(data, metadata=None, raw=False, display_id=None):
        assert raw
        got.append((data, metadata))
        return Handle() if display_id else None

    monkeypatch.setattr("IPython.display.display", display)
    return got


@pytest.fixture
def ax():
    house_style()
    return plt.subplots()[1]


def words_on(ax):
    return [text.get_text() for text in ax.texts]


# colours


# Machado, Oliveira and Fernandes (2009), severity 1.0: what linear RGB becomes for an eye without one kind of cone.
EYES = {
    "all cones": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])


def lab(colour, eye="all cones"):
    """CIE L*a*b* (D65) of a colour as an eye sees it."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(EYES[eye]) @ linear, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, two):
    """The distance of two colours in L*a*b*, by CIE 142-2001."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = ((h2 - h1 + 180) % 360 - 180) if c1 * c2 else 0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(np.radians(hue - 30)) + 0.24 * np.cos(np.radians(2 * hue))
    t += 0.32 * np.cos(np.radians(3 * hue + 6)) - 0.20 * np.cos(np.radians(4 * hue - 63))
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    rotate = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + rotate * dc * dh))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [  # pairs 1, 7, 17, 19, 25 and 34 of Sharma, Wu and Dalal (2005), who published them to test implementations
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_of_colours_is_the_published_one(one, two, expected):
    assert ciede2000(one, two) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(two, one) == pytest.approx(expected, abs=1e-4)


MEET = sorted({tuple(sorted(pair)) for family in figures.FAMILIES for pair in combinations(family, 2)})


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "two"), MEET)
def test_colours_that_meet_are_told_apart_by_every_eye(one, two, eye):
    assert ciede2000(lab(COLOURS[one], eye), lab(COLOURS[two], eye)) >= 15


def test_colours_stand_out_from_white():
    for name, shade in COLOURS.items():
        contrast = 1.05 / (figures.light(shade) + 0.05)
        assert contrast >= (3 if name in ("unknown", "estimated") else 4.5), name
        assert 1.05 / (figures.light(figures.ink(shade)) + 0.05) >= 4.5, "words of that colour can be read"


def test_a_colour_is_asked_for_by_its_meaning():
    assert colour("claim") == COLOURS["claim"]
    with pytest.raises(CourseError, match="Did you mean 'claim'"):
        colour("clam")
    with pytest.raises(CourseError, match="by what it means"):
        colour(3)


# show


def test_show_gives_picture_words_and_sources(shown, said, ax):
    ax.plot([1, 2], [3, 4])
    ax.set_title("It rises.")
    rows = load("cobalt_price").head(2)
    before = ax.figure.get_size_inches()[1]
    show(ax.figure, "A line from 3 to 4.", sources=rows)
    assert said == ["**In words.** A line from 3 to 4."]
    data, metadata = shown[0]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == "A figure. In words:\nIt rises. A line from 3 to 4."
    assert metadata["image/png"]["alt"] == "It rises. A line from 3 to 4."
    written = [text.get_text() for text in ax.figure.texts]
    assert written[0] == "It rises."
    assert written[-1].startswith("Source: ")
    assert not ax.get_title(loc="left")
    assert ax.figure.get_size_inches()[1] > before, "words stand around the drawing, not on it"
    assert not plt.fignum_exists(ax.figure.number)


def test_one_sentence_stands_outside_and_the_rest_in_a_fold(shown, said, ax):
    show(ax.figure, "From 3\n    to 4.", more="3, 3.5, 4.", title="It rises")
    assert said == ["**In words.** From 3 to 4.\n\n<details>\n<summary>All its numbers</summary>\n\n3, 3.5, 4.\n\n</details>"]
    assert shown[0][1]["image/png"]["alt"] == "It rises. From 3 to 4. 3, 3.5, 4."


def facts(figure):
    return figure.texts[1].get_text().replace("\n", " ")


def test_the_grey_line_gives_unit_years_and_who_counted(shown, said):
    rows = load("mineral_production").query("mineral == 'cobalt' and agency == 'World Mining Data'")
    figure = plt.figure()
    show(figure, "Words.", rows, title="A finding", unit="value")
    assert facts(figure) == "t (of the form named) · 2018 to 2022 · counted by World Mining Data"
    figure = plt.figure()
    show(figure, "Words.", rows.query("year == 2022"), title="A finding", unit="% of the world", who="")
    assert facts(figure) == "% of the world · 2022"
    assert figures._years((rows.set_index("year"),)) == "2018 to 2022"


def test_a_unit_is_that_of_the_rows_where_the_package_sends_there():
    flows = load("online_labour_flows")
    assert figures._unit((flows.query("metric == 'demand_share'"),), "value") == "% of open vacancies"
    with pytest.raises(CourseError, match="Name the unit in words"):
        figures._unit((flows,), "value")


def test_two_panels_keep_their_titles(shown, said):
    figure, axes = plt.subplots(1, 2)
    axes[0].set_title("left panel", loc="left")
    show(figure, "Two panels.", title="One finding")
    assert axes[0].get_title(loc="left") == "left panel"


def test_numbers_on_axes_are_for_people(shown, said, ax):
    ax.plot([1990, 2020], [1, 2_000_000])
    ax.figure.draw_without_rendering()
    figures._easy_axes(ax.figure)
    assert ax.yaxis.get_major_formatter()(1_500_000) == "1.5 million"
    assert ax.xaxis.get_major_formatter()(2000) == "2000", "a year has no comma"
    ax.set_yscale("log")
    figures._easy_axes(ax.figure)
    marks = [ax.yaxis.get_major_formatter()(10.0**power) for power in range(-2, 14, 3)]
    assert marks == ["0.01", "10", "10,000", "10 million", "10 billion", "10 trillion"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (0.0123, "0.0123"), (0.00001, "0.00001"), (72.72, "72.7"), (999.6, "1,000"), (12345.6, "12,346"), (3.64e6, "3.64 million")],
)
def test_a_label_holds_three_figures_or_the_whole_number(number, text):
    assert figures.told(number) == text


def test_the_same_figure_gives_the_same_bytes(shown, said):
    for _ in range(2):
        figure, ax = plt.subplots()
        ax.plot([1, 2], [3, 4])
        show(figure, "A line from 3 to 4.")
    assert shown[0][0] == shown[1][0]


@pytest.mark.parametrize("words", ["", "  ", None, 3])
def test_a_figure_without_words_is_refused(words):
    with pytest.raises(CourseError, match="needs the words"):
        show(plt.figure(), words)


def test_something_else_than_a_figure_is_refused():
    with pytest.raises(CourseError, match="takes a matplotlib figure"):
        show(pd.Series([1]), "Words.")


def test_the_source_line_begins_with_who_measured_then_with_what_was_read_first_hand(monkeypatch):
    known = pd.DataFrame({"source": list("abcdefgh"), "publisher": list("ABCDEEGH"), "origin": None, "year": 2020})
    monkeypatch.setattr(figures, "sources_of", lambda *frames: known[known["source"].isin(pd.concat(frames)["source"])])
    rows = pd.DataFrame({"source": list("aabcd"), "basis": ["estimated"] * 4 + ["measured"], "seen": ["secondary"] * 3 + ["primary"] * 2})
    assert figures._source_line((rows,)) == "Source: D; C; A; B; read in 4 documents, listed under Sources"
    assert figures._source_line((rows.head(2),)) == "Source: A", "one document needs no count"
    assert figures._source_line((pd.DataFrame({"source": list("efff")}),)) == "Source: E; read in 2 documents, listed under Sources"
    many = figures._source_line((pd.DataFrame({"source": list("hhgcba")}),))
    assert many == "Source: H; A; B; and 2 more; read in 5 documents, listed under Sources"
    known.loc[0, "origin"] = "Z"
    assert figures._source_line((rows.head(2),)) == "Source: Z", "a relay is named by whom it relays"


def test_an_axis_begins_at_zero_or_says_where():
    def axis(values, **more):
        figure, ax = plt.subplots()
        ax.plot(range(len(values)), values, "o")
        ax.set(xlabel="place", **more)
        return figures._axes_said(figure), float(ax.get_ylim()[0])

    assert axis([1.77, 11.58]) == ([], 0)
    said, low = axis([1710, 2200])
    assert said == ["axis from 1,600"] and low == 1600
    assert axis([20, 75], ylabel="age")[0] == [], "an axis with a name says what it holds"
    assert axis([2010, 2025])[0] == [], "years need no zero"
    assert axis([-3, 5])[0] == []


def test_a_long_line_breaks_at_the_width_of_the_figure():
    text = "word " * 100
    wide = [len(figures._wrapped(text, plt.figure(figsize=(width, 3)), size)[0]) for width, size in ((8, 8), (8, 16), (4, 8))]
    assert wide[0] == pytest.approx(2 * wide[1], abs=10)
    assert wide[1] == pytest.approx(wide[2], abs=5)
    assert figures._wrapped("x" * 500, plt.figure(), 10) == ["x" * 500], "a word is not broken"


def test_no_word_around_a_drawing_leaves_the_figure(shown, said):
    figure, ax = plt.subplots(figsize=(8, 3))
    house_style()
    show(figure, "Words.", load("cobalt_mining"), title="WWW mmm " * 12, unit="a unit of many words " * 5)
    figure.draw_without_rendering()
    box = figure.bbox
    for text in figure.texts:
        place = text.get_window_extent()
        assert place.x1 <= box.x1 * 1.001 and place.y0 >= 0 and place.y1 <= box.y1, text.get_text()
    assert ax.get_tightbbox().y1 <= figure.texts[1].get_window_extent().y0, "nor touches the drawing"
    assert ax.get_tightbbox().y0 >= figure.texts[2].get_window_extent().y1


def test_a_picture_keeps_its_colours():
    figure = plt.figure(figsize=(2, 2), layout="none")
    colours = [(x / 9, y / 9, 0.5) for y in range(10) for x in range(10)]
    figure.figimage(np.kron(np.array(colours).reshape(10, 10, 3), np.ones((30, 30, 1))))
    picture = np.asarray(PIL.Image.open(io.BytesIO(figures._png(figure))).convert("RGB"), dtype=int)
    seen = picture[::-1][15::30, 15::30].reshape(-1, 3)  # from the lower left
    wanted = (255 * np.array(colours)).reshape(-1, 3)
    assert picture.shape == (300, 300, 3)
    assert min(abs(seen - wanted).max(axis=1).max(), abs(picture[15::30, 15::30].reshape(-1, 3) - wanted).max(axis=1).max()) <= 8, (
        "a hundred colours, and the eye sees no difference"
    )


# sliders


def test_a_slider_draws_at_its_start_and_again_in_the_same_place(shown, said, monkeypatch):
    def draw(threshold, country):
        show(plt.figure(), f"At {threshold:.1f} in {country}.")

    slider(draw, threshold=(0.1, 0.9, 0.1, 0.7), country=["France", "Poland"])
    box, picture, words = (data for data, _ in shown)
    assert box["text/plain"].startswith("Run this cell to move: threshold, country.")
    assert "image/png" in picture
    assert "At 0.7 in France." in words["text/markdown"]
    assert said == [], "the words of a moving figure stand in a place of their own"
    choices = [
        one
        for one in ipywidgets.widgets.widget._instances.values()
        if isinstance(one, ipywidgets.Dropdown) and one.description == "country"
    ]
    choices[-1].value = "Poland"
    assert len(shown) == 5
    assert "At 0.7 in Poland." in shown[-1][0]["text/markdown"]
    show(plt.figure(), "A figure that stands: 1.")
    assert said == ["**In words.** A figure that stands: 1."]


# labels, ranges, lines, guesses


def test_ranges_are_bars_and_values_are_dots(ax):
    table = pd.DataFrame({"who": ["a", "b", "c"], "low": [1, None, 2], "high": [3, None, 4], "value": [2, 5, None]})
    draw_ranges(ax, table, "who")
    assert [tuple(line.get_xdata()) for line in ax.lines] == [(1, 3), (1, 3), (2,), (5,), (2, 4), (2, 4)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert ax.yaxis_inverted(), "the first row stands on top"
    assert [line.get_ydata()[0] for line in ax.lines] == [0, 0, 0, 1, 2, 2]
    assert words_on(ax) == ["2 (1 to 3)", "5", "2 to 4"]
    low, high = sorted(ax.get_ylim())
    assert low < -0.5 and high > 2.5, "no row on the frame"


def test_what_a_range_lacks_is_said(ax):
    table = pd.DataFrame({"who": list("abcd"), "low": [1, None, None, 7.04], "high": [None, 3, None, 7.04], "value": [None] * 4})
    draw_ranges(ax, table.astype({"value": float}), "who", values="{:.1f}")
    assert words_on(ax) == ["at least 1.0", "at most 3.0", "no figure", "7.0"]
    draw_ranges(ax, table.astype({"value": float}), "who", values=False)
    assert len(ax.texts) == 4


def test_rows_are_labelled_at_their_ends(ax):
    ax.barh([0, 1, 2], [3, 0, 12345])
    label_rows(ax, [3, None, 12345])
    assert words_on(ax) == ["3", "no figure", "12,345"]
    assert ax.texts[2].xy == (12345, 2)


def test_an_end_label_sits_at_the_last_known_point(ax):
    label_end(ax, [2000, 2001, 2002], [1, 2, None], "BGS", "claim")
    assert ax.texts[0].xy == (2001, 2)
    assert ax.texts[0].get_color() == COLOURS["claim"]


def test_a_missing_year_is_a_gap_and_not_zero(ax):
    draw_line(ax, pd.Series([1, 2, None, 5.0], index=[2000, 2001, 2002, 2005]), "BGS")
    drawn = ax.lines[0].get_ydata()
    assert list(ax.lines[0].get_xdata()) == [2000, 2001, 2002, 2003, 2004, 2005]
    assert list(np.isnan(drawn)) == [False, False, True, True, True, False]
    assert words_on(ax) == ["no figure", "BGS"]
    draw_line(ax, pd.Series([1, 2, 3], index=[2015, 2015.25, 2015.5]))
    assert list(ax.lines[1].get_ydata()) == [1, 2, 3], "quarters are even steps too"


@pytest.mark.parametrize(("values", "message"), [([1, 2], "draws a Series"), (pd.Series([None, None], dtype=float), "no row to draw")])
def test_a_line_needs_a_series_with_numbers(ax, values, message):
    with pytest.raises(CourseError, match=message):
        draw_line(ax, values)


def test_a_guess_is_a_ring_joined_to_the_truth(ax, said):
    ax.set(xlim=(2000, 2010), ylim=(0, 80))
    draw_guess(ax, "unasked", 2005, 40)
    exercises.predict("word", "up")
    draw_guess(ax, "word", 2005, 40)
    assert not ax.lines, "nothing where nothing was guessed, or no number"
    exercises.predict("share", 60, unit="%")
    draw_guess(ax, "share", 2005, 40)
    line, ring = ax.lines
    assert (list(line.get_xdata()), list(line.get_ydata())) == ([2005, 2005], [60, 40])
    assert ring.get_color() == COLOURS["you"]
    assert words_on(ax) == ["your guess: 60"]
    exercises.predict("far", 1000, unit="%")
    draw_guess(ax, "far", 2007, 40)
    assert ax.lines[3].get_ydata() == [80]
    assert ax.lines[3].get_marker() == "^", "an arrow at the edge"
    assert words_on(ax)[-1] == "1,000"
    assert ax.get_ylim() == (0, 80)


def test_a_guess_finds_its_row(ax, said):
    table = pd.DataFrame({"who": ["a", "b"], "low": [1.0, 2], "high": [3.0, 4], "value": [None, None]}).astype({"value": float})
    draw_ranges(ax, table, "who")
    exercises.predict("row", 2)
    draw_guess(ax, "row", "b", 3, across=True)
    assert 1 < ax.lines[-1].get_ydata()[0] < 1.5, "under its row, not on its number"
    with pytest.raises(CourseError, match="no row called 'c'"):
        draw_guess(ax, "row", "c", 3, across=True)


def test_counts_are_written_in_their_squares(ax):
    table = pd.DataFrame({"right": [2, 0], "garbled": [1, 0]}, index=pd.MultiIndex.from_tuples([("critic", "data"), ("promoter", "data")]))
    draw_counts(ax, table)
    assert [(text.get_position(), text.get_text()) for text in ax.texts] == [((0, 0), "2"), ((1, 0), "1")]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["critic, data", "promoter, data"]


# rarer forms


def test_one_square_stands_for_so_much_and_the_last_is_cut(ax):
    table = pd.DataFrame({"what": ["chatbot", "laptops", "flight"], "value": [2.0, 9.0, None]})
    draw_units(ax, table, "what", each=2, unit="kg", across=4)
    squares = [patch for patch in ax.patches if patch.get_facecolor()[:3] == pytest.approx(to_rgb(COLOURS["measured"]))]
    assert len(squares) == 1 + 5
    assert squares[-1].get_width() == pytest.approx(0.4), "half a square for the last kilogram"
    assert words_on(ax) == ["chatbot", "2 kg", "laptops", "9 kg", "flight", "no figure", "one square: 2 kg"]
    with pytest.raises(CourseError, match="Let one square stand for more"):
        draw_units(ax, table, "what", each=0.001, unit="kg")
    with pytest.raises(CourseError, match="above zero"):
        draw_units(ax, table, "what", each=0, unit="kg")


def test_every_country_of_the_table_has_a_tile_of_its_own(ax):
    grid = load("grid_carbon").query("accounting == 'generation' and year == 2024 and country != 'World'")
    draw_tiles(ax, grid)
    assert len(ax.patches) == len(grid)
    assert set(grid["iso3"]) == set(forms.TILES.split()) - {"..."}
    corners = [patch.get_xy() for patch in ax.patches]
    assert len(set(corners)) == len(corners)
    darkest = min(ax.patches, key=lambda patch: figures.light(patch.get_facecolor()))
    assert corners.index(darkest.get_xy()) == list(grid["value"]).index(grid["value"].max())
    for text, patch in zip(ax.texts[::2], ax.patches, strict=True):
        pale, dark = sorted((figures.light(text.get_color()), figures.light(patch.get_facecolor())), reverse=True)
        assert (pale + 0.05) / (dark + 0.05) >= 4.5, text.get_text()
    with pytest.raises(CourseError, match="several rows for: FRA"):
        draw_tiles(ax, load("grid_carbon").query("country == 'France'"))
    with pytest.raises(CourseError, match="no place for: XYZ"):
        draw_tiles(ax, pd.DataFrame({"country": ["Xyz"], "iso3": ["XYZ"], "value": [1.0]}))


def test_a_country_without_a_figure_is_hatched_and_not_pale(ax):
    draw_tiles(ax, pd.DataFrame({"country": ["France", "Kenya"], "iso3": ["FRA", "KEN"], "value": [40.0, None]}))
    assert [patch.get_hatch() for patch in ax.patches] == [None, UNKNOWN["hatch"]]
    assert words_on(ax) == ["France", "40", "Kenya", "?"]


def test_slopes_go_from_left_to_right_and_their_names_do_not_overlap(ax):
    table = pd.DataFrame({"mineral": ["a", "b", "c"], "2018": [10.0, 10.1, None], "2022": [30.0, 30.1, 50]})
    draw_slopes(ax, table, "mineral", "2018", "2022", shown=["b"])
    slopes = [line for line in ax.lines if line.get_marker() == "o"]
    assert [list(line.get_ydata()) for line in slopes[:2]] == [[10, 30], [10.1, 30.1]]
    assert [line.get_color() for line in slopes[:2]] == [COLOURS["grey"], COLOURS["measured"]]
    assert words_on(ax) == ["10", "10.1", "no figure", "a  30", "b  30.1", "c  50"]
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts[3:]]
    assert not any(one.overlaps(two) for one, two in combinations(boxes, 2))


def test_labels_move_apart_as_little_as_they_must():
    assert forms._spread([5, 1, 1, 1], 1) == [5, 0, 1, 2]
    assert forms._spread([3, 2.5, 9], 1) == [3.25, 2.25, 9]


def test_stacks_name_what_is_given_and_hatch_the_rest(ax):
    jobs, workers = pd.Series({"US": 60.0, "India": 10.0}), pd.Series({"India": 40.0, "Kenya": 60.0})
    draw_flows(ax, {"jobs": jobs, "workers": workers})
    assert words_on(ax) == ["US  60", "India  10", "not given  30", "India  40", "Kenya  60"]
    assert [patch.get_height() for patch in ax.patches] == [60, 10, 30, 40, 60]
    assert [bool(patch.get_hatch()) for patch in ax.patches] == [False, False, True, False, False]
    assert len(ax.collections) == 1, "one band: India stands on both sides"
    with pytest.raises(CourseError, match="more than the total"):
        draw_flows(ax, {"jobs": jobs + 50, "workers": workers})
    with pytest.raises(CourseError, match="takes two sides"):
        draw_flows(ax, jobs)


def test_shares_are_of_each_row(ax):
    counts = pd.DataFrame({"right": [3, 1], "wrong": [1, 1], "not testable": [0, 2]}, index=["critic", "promoter"])
    draw_shares(ax, counts, unknown=["not testable"])
    assert [patch.get_width() for patch in ax.patches] == [75, 25, 0, 25, 25, 50]
    assert words_on(ax) == ["75", "25", "25", "25", "50", "of 4", "of 4"]
    assert [bool(patch.get_hatch()) for patch in ax.patches[3:]] == [False, False, True]
    with pytest.raises(CourseError, match="needs the column"):
        draw_shares(ax, counts, unknown=["unsure"])


DRAWN = {
    "draw_ranges": lambda ax, table: draw_ranges(ax, table, "who"),
    "draw_units": lambda ax, table: draw_units(ax, table, "who", 1, "kg"),
    "draw_slopes": lambda ax, table: draw_slopes(ax, table, "who", "from", "to"),
    "draw_tiles": draw_tiles,
    "draw_shares": draw_shares,
    "draw_counts": draw_counts,
}


@pytest.mark.parametrize("call", DRAWN)
def test_a_drawing_refuses_what_is_no_axes_and_no_table(call, ax):
    with pytest.raises(CourseError, match=f"{call}\\(\\) takes axes first"):
        DRAWN[call](plt.figure(), pd.DataFrame({"value": [1]}))
    with pytest.raises(CourseError, match=f"{call}\\(\\) draws a table"):
        DRAWN[call](ax, [1, 2])
    with pytest.raises(CourseError, match=f"{call}\\(\\) (needs the column|has no row)"):
        DRAWN[call](ax, pd.DataFrame({"other": []}, dtype=float))


def test_a_figure_waits_for_the_guess_that_comes_first(said, monkeypatch):
    shown, told = [], []
    monkeypatch.setattr(figures, "_put", lambda place, data, metadata: shown.append(data["text/plain"]))
    monkeypatch.setattr(figures, "tell", lambda text, record: told.append((text, record)))

    def draw():
        fig, ax = plt.subplots()
        ax.plot([1, 2])
        figures.show(fig, "It is 42 %.", title="It is 42", more="43", after="guess-me")
        return shown[-1], *told[-1]

    whole, text, record = draw()
    assert "42" not in whole + text + str(record)
    assert "43" not in whole + text + str(record)
    assert record["waits"] == ["guess-me"]
    exercises.predict("guess-me", 5)
    whole, text, record = draw()
    assert "It is 42 %." in text
    assert "waits" not in record
