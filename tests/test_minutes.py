"""Minutes: the model by hand, what a notebook prints of it, the half route, optional folds, model answers, and the caps of the lessons."""

from __future__ import annotations

import nbformat
import pytest

from course.make import before, lessons, minutes, outline, rules, sessions
from course.make.lessons import LessonError, answer, edition_of, lesson_text, parsed

TEMPLATE = lesson_text("TEMPLATE")


def changed(*pairs):
    text = TEMPLATE
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def parts(text=TEMPLATE):
    return minutes.parts(parsed(text).cells)


def test_the_model_by_hand():
    around, first, second, fold = parts()
    assert [part.kind for part in parts()] == ["around", "section", "section", "optional"]
    assert first.does["code"] == 4, "the key is not read"
    assert (first.does["predict"], first.does["check"], first.does["verdict"]) == (1, 1, 0)
    assert first.minutes == round(4 + 1 + 3 + first.does["words"] / 130)
    assert (second.does["check"], second.does["write"], second.does["verdict"]) == (1, 1, 1), "the model answer is nobody's text but ours"
    assert second.minutes == round(2 + 3 + 1 + 1.5 + second.does["words"] / 130)
    assert (fold.minutes, fold.section) == (round(1 + 1.5 + fold.does["words"] / 130), "template-change")
    assert around.does["code"] == 1, "the sources are read at the end"


def test_words_are_counted_as_they_are_read():
    assert minutes.prose("## Two words\n\n- **bold** [a link](https://x.org/y)\n\n| a | b |\n|---|---|\n| {{ x + 1 }} | `c d` |") == [
        "Two words", "bold a link", "a", "b", "0", "c d",
    ]  # fmt: skip
    assert minutes.prose("one `two`\nthree", code=False) == ["one  three"]


def test_what_is_folded_is_not_read_and_a_figure_is_looked_at():
    text = changed(("```{code-cell} ipython3\nmeters =", "```{code-cell} ipython3\n:tags: [fold]\n\n# Read the meters\nshow(1)\nmeters ="))
    assert parts(text)[1].does["code"] == parts()[1].does["code"] - 1
    assert parts(text)[1].does["show"] == 1
    cell = next(cell for cell in edition_of("small", "learner", text).cells if "fold" in cell.metadata.get("tags", []))
    assert cell.metadata["jupyter"] == {"source_hidden": True}


def test_the_whole_leaves_optional_folds_out_and_the_half_takes_what_is_marked():
    around, first, second, fold = parts()
    assert minutes.total(parts()) == around.minutes + first.minutes + second.minutes
    assert minutes.total(parts(), half=True) == around.minutes + first.minutes
    assert fold.minutes
    text = minutes.routes(parts())
    assert text.startswith(f"**Whole: {minutes.total(parts())} minutes.** Who says it {first.minutes} · What changed {second.minutes} · ")
    assert f"**Half: {minutes.total(parts(), half=True)} minutes:** opening, section 1, end." in text
    both = changed(('"section": "template-change"', '"section": "template-change", "half": true'))
    assert "sections 1, 2, end" in minutes.routes(parts(both))
    assert "Half" not in minutes.routes(parts(changed((', "half": true', ""))))


def test_a_notebook_prints_what_the_model_says(tmp_path, monkeypatch):
    _, first, second, fold = parts()
    book = edition_of("small", "solutions", TEMPLATE)
    texts = [cell.source for cell in book.cells]
    assert any(text.startswith(f"## 1 · Who says it ({first.minutes} minutes)") for text in texts)
    assert any(text.startswith(f"### More to judge (optional, {fold.minutes} minutes)") for text in texts)
    path = tmp_path / "small.ipynb"
    nbformat.write(book, path)
    monkeypatch.setattr(outline, "notebook_path", lambda lesson, edition: path)
    shape = outline.outline("01_resources")
    assert shape.minutes == minutes.total(parts())
    assert [(section.title, section.minutes) for section in shape.sections[1:]] == [
        ("Who says it", first.minutes),
        ("What changed", second.minutes),
    ]
    assert shape.half == ["template-claim"]
    assert shape.texts["minutes"].startswith(f"**Whole: {shape.minutes} minutes.**")
    item = sessions.Item.model_validate({"notebook": "01_resources", "route": "half"})
    assert (item.sections, item.part.numbers) == (["template-claim"], [1])


def test_a_plan_takes_the_half_only_where_one_is_marked(monkeypatch):
    monkeypatch.setattr(sessions, "outline", lambda lesson: outline.Outline(lesson, "", [], {}))
    with pytest.raises(ValueError, match="'01_resources' marks no section as its half"):
        sessions.Item.model_validate({"notebook": "01_resources", "route": "half"})
    with pytest.raises(ValueError, match="route"):
        sessions.Item.model_validate({"notebook": "01_resources", "route": "third"})


def test_a_learner_has_no_model_answer_and_finds_the_fold_closed():
    learner, solutions = (edition_of("small", edition, TEMPLATE) for edition in ("learner", "solutions"))
    assert not any("statistics office decides" in cell.source for cell in learner.cells)
    shown = next(cell for cell in solutions.cells if "model-answer" in cell.metadata.get("tags", []))
    assert shown.source.startswith("**A model answer.** The statistics office decides")
    assert "**A weak one.** The share is wrong.\n\n**What tells them apart.** The first names" in shown.source
    assert "teacher" in shown.metadata["tags"], "slides and pages keep it for the instructor"
    fold = next(cell for cell in learner.cells if cell.metadata.get("optional"))
    assert fold.metadata["jp-MarkdownHeadingCollapsed"] is True


@pytest.mark.parametrize(
    "said", ["model: a", "a sentence", "model: a\nweak: b\nwhy:", "model: a\nweak: b\nwhy: c: d", "model: [a]\nweak: b\nwhy: c"]
)
def test_a_model_answer_has_three_texts(said):
    with pytest.raises(LessonError, match="a model answer"):
        answer(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('{"section": "template-claim", "half": true}', '{"section": "template-claim", "minutes": 9}', "no cell has the field 'minutes'"),
        ('{"optional": true}\n\n### More', '{"optional": true}\n\nMore', "opens with its heading, ### and a title"),
        ('"tags": ["limits"]', '"half": true, "tags": ["limits"]', "only a section"),
        ('"critique", "write"', '"critique"', "a model answer follows the text with the tag 'write'"),
        ('"tags": ["model-answer"]', '"tags": ["teacher"]', "is followed by a cell with the tag 'model-answer'"),
        ("weak: The share", "worse: The share", "a model answer has model:, weak:, why:"),
        ('"terms": ["denominator"]', '"terms": ["denominators"]', "the glossary has no term 'denominators'"),
        ('"terms": ["denominator"]', '"terms": ["median"]', "said to explain 'median', and does not hold it"),
        ('"teaches": ["loc"]', '"teaches": ["melt"]', "'melt' is taught, and no code in view uses it"),
        ('"teaches": ["query", "groupby", "tail"]', '"teaches": ["query", "groupby", "tail", "loc"]', "4 words are taught in this section"),
        ("```{code-cell} ipython3\nmeters", "```{code-cell} ipython3\n:tags: [fold]\n\nmeters", "opens with a comment"),
    ],
)  # fmt: skip
def test_a_mark_that_is_wrong_is_said(old, new, said):
    lines = rules.check("TEMPLATE", changed((old, new)))
    assert any(said in line for line in lines), lines


def test_the_command_shows_sections_and_lessons(capsys, tmp_path, monkeypatch):
    (tmp_path / "small.md").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    monkeypatch.setattr(before, "CAPS", {"small": 90})
    assert before.main(["small"]) == 0
    told = capsys.readouterr().out
    assert "What changed" in told
    assert "Python and pandas used before they are taught: loc\nTerms used before they are said: " in told
    row = before.by_lesson().loc["small"]
    assert (row["whole"], row["half"]) == (minutes.total(parts()), minutes.total(parts(), half=True))
    assert (row["check"], row["code lines"], row["long"]) == (2, 14, 0)


# What the lessons must keep. A lesson that fails here is to be cut: `python -m course minutes <lesson>` says where its minutes go.


def test_a_core_lesson_keeps_its_cap():
    over = {name: lasts for name, cap in before.CAPS.items() if (lasts := minutes.total(parts(lesson_text(name)))) > cap}
    assert not over, f"minutes of the lessons over their cap ({before.CAPS}): {over}"


@pytest.mark.parametrize("name", lessons.lessons())
def test_a_half_fits_its_cap_and_optional_folds_are_a_fifth(name):
    found = parts(lesson_text(name))
    if any(part.half for part in found) and name != "00_start_here":
        assert minutes.total(found, half=True) <= before.HALF
    assert sum(part.minutes for part in found if part.kind == "optional") <= before.OPTIONAL * minutes.total(found)


def test_every_core_lesson_marks_its_half_and_its_written_questions():
    cells = {name: parsed(lesson_text(name)).cells for name in before.CAPS}
    whole = [name for name, found in cells.items() if name != "00_start_here" and not any(cell.metadata.get("half") for cell in found)]
    unasked = [name for name, found in cells.items() if not any("write" in lessons.tags(cell) for cell in found)]
    assert not whole + unasked, f"no half marked in {whole}; no written question with the tag 'write' in {unasked}"
