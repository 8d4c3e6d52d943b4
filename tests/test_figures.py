"""Figures: words are required, sources are named, and ranges are drawn as ranges."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from course import COLOURS, CourseError, draw_counts, draw_ranges, figures, house_style, label_end, load, show


@pytest.fixture
def shown(monkeypatch):
    """What show() hands to the notebook: (image, metadata)."""
    got = []
    monkeypatch.setattr("IPython.display.display", lambda image, metadata: got.append((image, metadata)))
    return got


def test_show_gives_picture_words_and_sources(shown, said):
    house_style()
    figure, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    rows = load("cobalt_price").head(2)
    show(figure, "A line from 3 to 4.", sources=rows)
    assert said == ["**In words.** A line from 3 to 4."]
    image, metadata = shown[0]
    assert image.data.startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "A line from 3 to 4."
    assert "Source: " in figure.get_supxlabel()
    assert not plt.fignum_exists(figure.number)


def test_the_same_figure_gives_the_same_bytes(shown, said):
    for _ in range(2):
        figure, ax = plt.subplots()
        ax.plot([1, 2], [3, 4])
        show(figure, "A line from 3 to 4.")
    assert shown[0][0].data == shown[1][0].data


@pytest.mark.parametrize("words", ["", "  ", None, 3])
def test_a_figure_without_words_is_refused(words):
    with pytest.raises(CourseError, match="needs the words"):
        show(plt.figure(), words)


def test_something_else_than_a_figure_is_refused():
    with pytest.raises(CourseError, match="takes a matplotlib figure"):
        show(pd.Series([1]), "Words.")


def test_ranges_are_bars_and_values_are_dots():
    _, ax = plt.subplots()
    table = pd.DataFrame({"who": ["a", "b", "c"], "low": [1, None, 2], "high": [3, None, 4], "value": [2, 5, None]})
    draw_ranges(ax, table, "who")
    drawn = [tuple(line.get_xdata()) for line in ax.lines]
    assert drawn == [(1, 3), (1, 3), (2,), (5,), (2, 4), (2, 4)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert ax.yaxis_inverted(), "the first row stands on top"
    assert [line.get_ydata()[0] for line in ax.lines] == [0, 0, 0, 1, 2, 2]
    plt.close("all")


def test_the_source_line_begins_with_who_gave_most_rows(monkeypatch):
    known = pd.DataFrame(
        {"source": list("abcdefgh"), "publisher": list("ABCDEFGH"), "year": [2020, None, 2022, 2022, None, None, None, None]}
    )
    known["year"] = known["year"].astype("Int64")
    monkeypatch.setattr(figures, "sources_of", lambda *frames: known[known["source"].isin(pd.concat(frames)["source"])])
    assert figures._source_line((pd.DataFrame({"source": list("abbbcc")}),)) == "Source: B; C 2022; A 2020"
    assert figures._source_line((pd.DataFrame({"source": list("dc")}), pd.DataFrame({"source": ["d"]}))) == "Source: D 2022; C 2022"
    many = figures._source_line((pd.DataFrame({"source": list("hhgfedcba")}),))
    assert many == "Source: H; A 2020; B; C 2022; D 2022; and 3 more, listed under Sources"


def test_a_long_line_breaks_at_the_width_of_the_figure():
    text = "word " * 100
    for width, size in ((8, 8), (8, 13), (4, 8)):
        lines = figures._wrapped(text, plt.figure(figsize=(width, 3)), size).splitlines()
        room = width * 72 / (0.58 * size)  # letters that stand beside each other
        assert max(map(len, lines)) <= room
        assert all(len(line) > room - len("word ") - 1 for line in lines[:-1]), "and no narrower"
    plt.close("all")


def test_a_lighter_picture_keeps_its_colours():
    import io

    import PIL.Image

    picture = PIL.Image.new("RGB", (100, 100))
    colours = [(x * 25, y * 25, 128) for x in range(10) for y in range(10)]
    picture.putdata([colours[10 * (y // 10) + x // 10] for y in range(100) for x in range(100)])
    buffer = io.BytesIO()
    picture.save(buffer, format="png")
    lighter = PIL.Image.open(io.BytesIO(figures._lighter(buffer.getvalue()))).convert("RGB")
    gaps = [
        max(abs(a - b) for a, b in zip(*pair, strict=True))
        for pair in zip(lighter.get_flattened_data(), picture.get_flattened_data(), strict=True)
    ]
    assert max(gaps) <= 8, "a hundred colours, and the eye sees no difference"


def test_an_end_label_sits_at_the_last_known_point():
    _, ax = plt.subplots()
    label_end(ax, [2000, 2001, 2002], [1, 2, None], "BGS", "black")
    assert ax.texts[0].xy == (2001, 2)
    plt.close("all")


def test_colours_are_dark_enough_for_text_on_white():
    def luminance(colour):
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for name, colour in COLOURS.items():
        assert 1.05 / (luminance(colour) + 0.05) >= 3, name
    assert figures.MARKERS[0] == "o"


def test_counts_are_written_in_their_squares():
    _, ax = plt.subplots()
    table = pd.DataFrame({"right": [2, 0], "garbled": [1, 0]}, index=pd.MultiIndex.from_tuples([("critic", "data"), ("promoter", "data")]))
    draw_counts(ax, table)
    assert [(text.get_position(), text.get_text()) for text in ax.texts] == [((0, 0), "2"), ((1, 0), "1")]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["critic, data", "promoter, data"]
    plt.close("all")
