"""Questions about the tables that a schema cannot ask: does this row look like a slip of the hand?

A schema says what a cell may hold. This module compares a row with its neighbours, its total, its own words, its source and its former
self (read from git where there is one). What a table needs beyond the checks that all share stands in its YAML file, under ``checks``:

    balance     parts add up to their total: ``{by, of, part, total, parts, within, at_most, where}`` for rows, ``{parts, total, within}``
                for columns
    dependency  one column decides another: ``{unit: [metric]}`` says that a metric has one unit
    limits      what the world allows, by unit or metric: ``{by: metric, of: [value], are: {query_energy: [0.001, 1000]}}``
    series      a value near its neighbours in time: ``{by, order, of, times}``
    published   ``source``: the year of publication is that of the source
    twins       columns in which two rows that are else the same may differ

Each question is asked once: a row whose figure is right as it stands gets a line in ``datasets/_answers.yml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log10

import numpy as np
import pandas as pd

from .. import data
from ..typed import readings
from . import tables as made
from .former import YEARS, Found, arrivals, as_text, at_head, changed_tables, former, shown
from .tables import ANSWERS

RANGES = [("low", "value", "high"), ("low", "amount", "high"), ("usd_per_lb_low", "usd_per_lb", "usd_per_lb_high")]
RANGES += [("printed_low", "printed_value", "printed_high"), ("corrected_low", "corrected_value", "corrected_high")]
ENDS = {"at_least", "more_than", "at_most", "up_to"}  # qualifiers that may stand beside one end of a range
WRITTEN = {  # {a column of text: columns whose cells it repeats, in the sources that do so}
    "locator": ["year", "fiscal_year", "report_year", "period", "country", "place", "iso3", "product", "region", "experiment", "counts"],
    **{text: ["published"] for text in ("edition", "report", "study", "release")},
    **{text: ["year"] for text in ("id", "crawl", "period", "published")},
}
FIGURE = re.compile(r"\b(?:sentence|words?|line|entry|cell) (?:with|that gives|giving) \"?\d")
NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d.,]*\d|\d")
SCALE = re.compile(r"\d\"? ?(?:thousand|million|billion|cent|litre|[kKMGTm](?:t|W|L|\b)|tera|giga|g\b)")
PLACE = re.compile(r"\([^()]*[A-Z][^()]*, \d{4}\)")
AT_LEAST = 4  # so many other rows of a source agree before an odd one is asked about


@dataclass(frozen=True)
class Question:
    """One question about one cell: its table, row (from 0), row's key, column, check, and the sentence."""

    table: str
    row: int
    key: str
    column: str
    check: str
    says: str

    def __str__(self) -> str:
        ask = "say why in the row's note" if self.check == "former" else f"say why in datasets/{ANSWERS} (check: {self.check})"
        ask += " until the row is committed" if self.check == "arrival" else ""
        return f"datasets/{self.table}.csv, line {self.row + 2}, column {self.column}: {self.says} Correct it, or {ask}. Key: {self.key}"


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_numeric(table[column], errors="coerce")


# checks that all tables share


def spaces(table: pd.DataFrame) -> Found:
    """Ask about a cell that begins or ends with a space, or hides one that no keyboard shows."""
    for column in table:
        for row in np.flatnonzero(table[column].str.contains(r"^\s|\s$|[\t\u200b\ufeff]")):
            yield row, column, f"{table[column].iloc[row]!r} has a space too many."


def zeros(table: pd.DataFrame, numbers: list[str]) -> Found:
    """Ask about a number that begins with a zero too many."""
    for column in numbers:
        for row in np.flatnonzero(table[column].str.contains(r"^-?0\d")):
            yield row, column, f"{table[column].iloc[row]} begins with a zero."


def ranges(table: pd.DataFrame) -> Found:
    """Ask about a range upside down, a value outside its range, one end alone, and a row that has no figure and does not say why."""
    for low, value, high in RANGES:
        if not {low, value, high} <= set(table):
            continue
        a, v, b = (_numbers(table, column) for column in (low, value, high))
        for row in np.flatnonzero(a.gt(b) | v.lt(a) | v.gt(b)):
            yield row, value, f"{low}, {value} and {high} are not in this order."
        alone = a.notna() ^ b.notna()
        if "qualifier" in table:
            alone &= v.notna() | ~table["qualifier"].isin(ENDS)
        for row in np.flatnonzero(alone):
            yield row, low if pd.notna(a.iloc[row]) else high, "one end of a range stands alone: does it belong in another column?"
        if value == "value":
            empty = a.isna() & b.isna() & v.isna() & (table["note"].eq("") if "note" in table else True)
            for row in np.flatnonzero(empty):
                yield row, value, "there is no figure, and no note that says why."


def dates(table: pd.DataFrame, source_year: pd.Series, same: bool) -> Found:
    """Ask about a figure later than its publication, a projection of the past, and a publication that is not of its source's year."""
    year = next((column for column in YEARS if column in table), None)
    out = _numbers(table, "published") if "published" in table else source_year
    if "published" in table and table["published"].str.fullmatch(r"\d{4}|").all():
        for row in np.flatnonzero(out.gt(source_year) | (same & out.lt(source_year))):
            yield row, "published", f"{table['published'].iloc[row]} is not the year of its source ({source_year.iloc[row]:.0f})."
    if year and "basis" in table:
        when, ahead = _numbers(table, year), table["basis"].eq("projected")
        for row in np.flatnonzero(when.gt(out) & ~ahead):
            yield row, year, f"a figure for {when.iloc[row]:.0f} that is not projected was published in {out.iloc[row]:.0f}."
        if "published" in table:
            for row in np.flatnonzero(when.lt(out) & ahead):
                yield row, year, f"a projection for {when.iloc[row]:.0f} was published in {out.iloc[row]:.0f}."


def written(table: pd.DataFrame) -> Found:
    """Ask about a row whose own text does not hold its year, country, ... where all other rows of that source have it in theirs."""
    if "source" not in table:
        return
    some = table[table.groupby("source")["source"].transform("size") > AT_LEAST]
    for text in [column for column in WRITTEN if column in table]:
        for word in [column for column in WRITTEN[text] if column in table]:
            given = some[word].ne("") & some[word].str.len().lt(some[text].str.len())
            hit = pd.Series([_holds(t, w) for w, t in zip(some[word], some[text], strict=True)], index=some.index)
            total, hits = (part.groupby(some["source"]).transform("sum") for part in (given, hit & given))
            odd = given & ~hit & (hits >= AT_LEAST) & (total - hits <= np.maximum(1, total // 50))
            for row in some.index[odd]:
                yield row, word, f"{table[word][row]} is not in its {text} ({table[text][row]!r}), as in the other rows of its source."


def pointers(table: pd.DataFrame) -> Found:
    """Ask about a row that has the locator of an earlier one, where each other row of its source has its own."""
    if not {"source", "locator"} <= set(table):
        return
    again, source = table.duplicated(["source", "locator"]), table["source"]
    total, same = source.groupby(source).transform("size"), again.groupby(source).transform("sum")
    for row in np.flatnonzero(again & (total > 2 * AT_LEAST) & (same <= np.maximum(1, total // 50))):
        yield row, "locator", f"{table['locator'].iloc[row]!r} leads to an earlier row; the others of this source have each their own."


def places(table: pd.DataFrame) -> Found:
    """Ask about a row whose locator ends in a place and a year, as in (World, 2014), of which the year is not the row's."""
    year = next((column for column in YEARS if column in table), None)
    if year and "locator" in table:
        for row in np.flatnonzero([PLACE.search(text) is not None for text in table["locator"]]):
            text, own = table["locator"].iloc[row], table[year].iloc[row]
            if own and not _holds(text, own):
                yield row, year, f"{own} is not the year in its locator ({text!r})."


def _holds(text: str, word: str) -> bool:
    """Say whether a text holds a word, not as a part of another."""
    return word in text and re.search(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", text) is not None


def figures(table: pd.DataFrame, columns: list[str]) -> Found:
    """Ask about a row whose locator quotes a figure that is not the row's: compared without its unit's zeros where it has a unit word."""
    if "locator" not in table or not columns:
        return
    for row in np.flatnonzero([FIGURE.search(text) is not None for text in table["locator"]]):
        text = table["locator"].iloc[row]
        own = [abs(float(table[column].iloc[row])) for column in columns if table[column].iloc[row]]
        said = [number for one in NUMBER.findall(text) for number in readings(one)]
        powers = [abs(log10(x / y)) for x in own for y in said if x and y]
        step = 1 if SCALE.search(text) else 99  # a unit word may move the point
        if own and not any(x == y for x in own for y in said) and not any(abs(p - step * round(p / step)) < 1e-6 for p in powers):
            yield row, columns[0], f"{' or '.join(map(shown, own))} is not the figure in its locator ({text!r})."


# checks that a table's YAML file asks for


def balance(table: pd.DataFrame, rule: dict) -> Found:
    """Ask where parts do not add up to their total: columns of a row, or rows of a group."""
    within, most = rule.get("within", 0.02), rule.get("at_most", False)
    if "of" not in rule:
        parts = table[rule["parts"]].apply(pd.to_numeric, errors="coerce")
        sums, whole = parts.sum(axis=1), rule["total"]
        for row in np.flatnonzero((parts.notna().all(axis=1) & sums.lt((1 - within) * whole)) | sums.gt((1 + within) * whole)):
            yield row, rule["parts"][0], f"{' + '.join(rule['parts'])} make {shown(sums.iloc[row])}, {whole} was to be expected."
        return
    some = table.query(rule["where"]) if "where" in rule else table
    value = _numbers(table, rule["of"])
    for key, group in some.groupby(rule["by"], sort=False):
        parts = group
        if "part" in rule:
            total = group[group[rule["part"]].eq(rule["total"])]
            parts = group[group[rule["part"]].isin(rule["parts"]) if "parts" in rule else group[rule["part"]].ne(rule["total"])]
            if total.empty or len(parts) < max(2, rule.get("count", len(rule.get("parts", [])))):
                continue
        whole = value[total.index[0]] if "part" in rule else rule["total"]
        sums = value[parts.index].sum()
        if sums > whole * (1 + within) or (not most and sums < whole * (1 - within)):
            row = group.index[-1]
            said = ", ".join(map(str, key))
            yield (
                row,
                rule["of"],
                f"the parts of {said} make {shown(sums)}, {'at most ' if most else ''}{shown(whole)} was to be expected.",
            )


def dependency(table: pd.DataFrame, decided: str, by: list[str]) -> Found:
    """Ask about the rows in which ``decided`` is not what most rows with the same cells of ``by`` have; of two, about the later."""
    for column in by:
        both = table[table[column].str.len().gt(15 if column == "locator" else 0)]  # "article text" decides nothing
        count = both.groupby([column, decided])[decided].transform("size")
        first = both.index.to_series().groupby([both[column], both[decided]]).transform("min")
        rank = count - first / (len(table) + 1)
        usual = rank.groupby(both[column]).transform("max")
        for row in both.index[rank.lt(usual)]:
            other = both.loc[rank.eq(usual) & both[column].eq(both[column][row]), decided].iloc[0]
            yield row, decided, f"{table[decided][row]!r} stands with {column} {table[column][row]!r}, which has {other!r} elsewhere."


def limits(table: pd.DataFrame, rule: dict) -> Found:
    """Ask about a figure outside what the world allows for its unit or metric."""
    by = table[rule["by"]].agg(", ".join, axis=1) if isinstance(rule["by"], list) else table[rule["by"]]
    for column in rule["of"]:
        value = _numbers(table, column)
        for name, (least, most) in rule["are"].items():
            for row in np.flatnonzero(by.eq(name) & (value.lt(least) | value.gt(most))):
                yield row, column, f"{table[column].iloc[row]} is outside {shown(least)} to {shown(most)} ({name})."


def series(table: pd.DataFrame, rule: dict) -> Found:
    """Ask about a value that leaves its series: too far from both neighbours in time, or from the only one.

    Too far is ``times`` as much (3 where nothing is said); in a series of more than six, eight times its median step if that is less,
    though never under ``steady`` (1.2). Neighbours ``n`` years apart may differ more, by the root of n; values under ``from`` may jump.
    """
    least, most, small = log10(rule.get("steady", 1.2)), log10(rule.get("times", 3)), rule.get("from", 0)
    for column in rule["of"]:
        value = _numbers(table, column)
        good = table[value.gt(0)].assign(_v=np.log10(value[value.gt(0)])).sort_values([*rule["by"], rule["order"]], kind="stable")
        groups, when = [good[name] for name in rule["by"]], pd.to_numeric(good[rule["order"]], errors="coerce")
        steps = []
        for side in (1, -1):
            other = good["_v"].groupby(groups, sort=False).shift(side)
            years = (when - when.groupby(groups, sort=False).shift(side)).abs().clip(lower=1).fillna(1)
            steps.append(((good["_v"] - other).abs() / years**0.5).mask(value[good.index].lt(small) & (10**other).lt(small), 0))
        step = np.fmin(*steps)
        usual = step.groupby(groups, sort=False).transform(lambda some: some.median() if some.count() > 6 else np.nan)
        for row in good.index[step.gt((8 * usual).clip(least, most).fillna(most))]:
            yield (
                row,
                column,
                f"{table[column][row]} is {10 ** step[row]:.2g} times its neighbours in {', '.join(rule['by'])}, or a part so small.",
            )


def twins(table: pd.DataFrame, allowed: list[str]) -> Found:
    """Ask about the later of two rows that are the same but for one cell."""
    hashes = table.apply(
        lambda cells: pd.util.hash_array(cells.to_numpy(dtype=object)) * np.uint64(2 * table.columns.get_loc(cells.name) + 1)
    )
    whole = hashes.sum(axis=1)
    for column in [name for name in table if name not in allowed]:
        for row in np.flatnonzero((whole - hashes[column]).duplicated()):
            yield row, column, "the row is the same as an earlier one but for this cell."


def countries(whole: dict[str, pd.DataFrame]) -> Iterator[tuple[str, int, str, str]]:
    """Ask about a country with the code of another, over all tables. Yield (table, row, column, sentence)."""
    parts = [
        table[[name, "iso3"]].set_axis(["country", "iso3"], axis=1).assign(table=key, row=range(len(table)))
        for key, table in whole.items()
        for name in ["country" if "country" in table else "place"]
        if {name, "iso3"} <= set(table)
    ]
    if not parts:
        return
    pairs = pd.concat(parts, ignore_index=True)
    pairs = pairs[pairs["iso3"].ne("")].reset_index(drop=True)
    for decided, by in (("iso3", "country"), ("country", "iso3")):
        for at, column, says in dependency(pairs, decided, [by]):
            yield pairs["table"][at], int(pairs["row"][at]), column, says


# all together


@lru_cache(maxsize=256)
def _of_table(name: str, stored: bytes, sources: bytes, said: str) -> list[tuple[str, int, str, str]]:
    """Return (check, row, column, sentence) for each question that a table raises by itself and beside its sources.

    ``said`` is its schema and its checks, as JSON. The same bytes are asked only once: one table in sixty has changed since the last time.
    """
    table, (schema, rules) = as_text(stored), json.loads(said)
    source_year = pd.to_numeric(as_text(sources).set_index("source")["year"], errors="coerce")
    numbers = _number_columns(schema)
    figured = [column for column in numbers if column not in [*YEARS, "published", "adopted", "as_of"]]
    year = table["source"].map(source_year) if "source" in table else pd.Series(np.nan, index=table.index)
    parts = [
        ("space", spaces(table)),
        ("zero", zeros(table, numbers)),
        ("range", ranges(table)),
        ("date", dates(table, year, rules.get("published") == "source") if name != "sources" else iter(())),
        ("written", written(table)),
        ("place", places(table)),
        ("pointer", pointers(table)),
        ("figure", figures(table, figured) if name != "claims" else iter(())),
        ("twin", twins(table, rules.get("twins", [])) if "source" in schema["primaryKey"] or "basis" in table else iter(())),
        *[("balance", balance(table, rule)) for rule in rules.get("balance", [])],
        *[("dependency", dependency(table, decided, by)) for decided, by in rules.get("dependency", {}).items()],
        *[("limits", limits(table, rule)) for rule in rules.get("limits", [])],
        *[("series", series(table, rule)) for rule in rules.get("series", [])],
    ]
    return [(check, int(row), column, says) for check, asked in parts for row, column, says in asked]


def _number_columns(schema: dict) -> list[str]:
    return [field["name"] for field in schema["fields"] if field["type"] in ("number", "integer")]


def questions() -> list[Question]:
    """Return every question about the tables as they are now, answered or not."""
    entries = {entry["name"]: entry for entry in made.descriptor()["resources"]}
    stored = {name: (data.DATASETS / entry["path"]).read_bytes() for name, entry in entries.items()}
    whole = {name: as_text(table) for name, table in stored.items()}
    found: list[tuple[str, str, int, str, str]] = [("country", *one) for one in countries(whole)]
    changed = changed_tables()
    before = at_head("sources") if changed else None
    known = set() if before is None else set(before["source"])
    for name, table in whole.items():
        schema = entries[name]["schema"]
        asked = _of_table(name, stored[name], stored["sources"], json.dumps([schema, made.checks(name)], default=str))
        found += [(check, name, row, column, says) for check, row, column, says in asked]
        if name in changed and (old := at_head(name)) is not None:
            numbers = _number_columns(schema)
            news = {
                "former": former(old, table, schema["primaryKey"], numbers, known),
                "arrival": arrivals(old, table, schema["primaryKey"], known),
            }
            found += [(check, name, int(row), column, says) for check, rows in news.items() for row, column, says in rows]
    keys = {name: whole[name][entries[name]["schema"]["primaryKey"]].agg(", ".join, axis=1) for _, name, *_ in found}
    asked = {
        (table, row, check): Question(table, row, keys[table].iloc[row], column, check, says) for check, table, row, column, says in found
    }
    return sorted(asked.values(), key=lambda one: (one.table, one.row))


def answers() -> dict[tuple[str, str, str], str]:
    """Return {(table, key of the row, check): reason} of the questions that somebody has answered."""
    return {(one["table"], str(one["key"]), one["check"]): one["reason"] for one in made.answers()}


def slips(asked: list[Question] | None = None) -> list[str]:
    """Return a line for each question that nobody has answered."""
    known = answers()
    return [str(one) for one in (questions() if asked is None else asked) if (one.table, one.key, one.check) not in known]


def idle(asked: list[Question] | None = None) -> list[str]:
    """Return a line for each answer that no question needs any more."""
    met = {(one.table, one.key, one.check) for one in (questions() if asked is None else asked)}
    gone = [" / ".join(one) for one in answers() if one not in met]
    return [f"datasets/{ANSWERS}: nobody asks any more about {one}; take the answer out." for one in gone]
