"""Bring a learner's notebook forward: the learner's words stay, the course's new text and figures come.

Three notebooks are compared, cell by cell: the learner's, the base (what it was copied from) and the new one. A cell is what it says
(its kind, source and attachments); its outputs follow. Standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from difflib import SequenceMatcher

from .messages import say

STRUCTURE = ("tags", "section", "minutes", "paper")  # metadata that is the course's, whoever wrote the cell


def source_of(cell: dict) -> str:
    """Return a cell's source as one text (a file may hold it as a list of lines)."""
    return "".join(cell.get("source", ""))


def content(cell: dict) -> tuple[str, str, str]:
    """Return what a cell says, without what running it gave."""
    return cell["cell_type"], source_of(cell), json.dumps(cell.get("attachments", {}), sort_keys=True)


def _id(cell: dict) -> str:
    return cell.get("id") or cell.get("metadata", {}).get("id", "")


def _paired(ones: list[dict], others: list[dict], *keys: Callable[[dict], object]) -> dict[int, int]:
    """Return {place in ``ones``: place in ``others``} of the same cells: by the first key, the others by the next."""
    found: dict[int, int] = {}
    for key in keys:
        free: dict[object, list[int]] = {}
        for place, cell in enumerate(others):
            if place not in found.values() and (key is not _id or _id(cell)):
                free.setdefault(key(cell), []).append(place)
        for place, cell in enumerate(ones):
            if place not in found and free.get(key(cell)):
                found[place] = free[key(cell)].pop(0)
    return found


def merged_lines(base: str, mine: str, new: str) -> str | None:
    """Return a text with both changes of ``base`` in it, or None if they touch the same lines."""
    lines = base.splitlines()
    edits: list[tuple[int, int, tuple[str, ...]]] = []
    for text in (mine, new):
        other = text.splitlines()
        for kind, start, end, first, last in SequenceMatcher(None, lines, other, autojunk=False).get_opcodes():
            if kind != "equal" and (start, end, tuple(other[first:last])) not in edits:
                edits.append((start, end, tuple(other[first:last])))
    edits.sort(key=lambda edit: edit[:2])
    result, done = [], 0
    for (start, end, text), following in zip(edits, [*edits[1:], None], strict=True):
        if following and (following[0] < end or following[:2] == (start, end)):
            return None
        result += [*lines[done:start], *text]
        done = end
    return "\n".join(result + lines[done:])


def _beside(mine: dict) -> dict:
    """Return a text cell that keeps what the learner had written in a cell that the course changed too."""
    words = source_of(mine)
    text = words if mine["cell_type"] == "markdown" else f"~~~~python\n{words}\n~~~~"
    kept = {key: mine[key] for key in ("attachments",) if key in mine}
    return {"cell_type": "markdown", "id": "kept", "metadata": {}, "source": f"{say('update_beside')}\n\n{text}"} | kept


def _one(mine: dict, base: dict | None, new: dict) -> list[dict]:
    """Return the cell that stands where ``new`` stands, and the learner's beside it if the two cannot be one."""
    own = {key: mine["metadata"][key] for key in mine["metadata"] if key not in STRUCTURE}
    mine_now = mine | {"id": _id(new), "metadata": own | {key: new["metadata"][key] for key in STRUCTURE if key in new["metadata"]}}
    if content(mine) == content(new):
        moved = base is not None and content(base) == content(new) and base.get("outputs") != new.get("outputs")
        return [new if moved else mine_now]
    if base is None:  # nobody knows what it was copied from: a filled blank is an answer, anything else may be the course's old text
        return [mine_now] if "..." in source_of(new) and mine["cell_type"] == new["cell_type"] else [new, _beside(mine)]
    if content(mine) == content(base):
        return [new]
    if content(new) == content(base):
        return [mine_now]
    if mine["cell_type"] == base["cell_type"] == new["cell_type"]:
        text = merged_lines(source_of(base), source_of(mine), source_of(new))
        if text is not None:
            kept = {key: mine[key] | new.get(key, {}) for key in ("attachments",) if key in mine}
            return [new | {"source": text} | kept | ({"outputs": [], "execution_count": None} if "outputs" in new else {})]
    return [new, _beside(mine)]


def _woven(first: list, second: list) -> list:
    """Return ``first`` with what only ``second`` has put after its neighbour there."""
    result, before = list(first), None
    for key in second:
        if key not in result:
            result.insert(result.index(before) + 1 if before in result else 0, key)
        before = key
    return result


def merged(mine: dict, base: dict | None, new: dict) -> tuple[dict, list[str]]:
    """Return (the learner's notebook brought forward to ``new``, the ids of cells beside which something of the learner's is kept).

    The three are notebooks as JSON; ``base`` is None if nobody knows it. A cell that the learner deleted stays away unless the course
    changed it; one that the course dropped stays if the learner changed it; cells that the learner added or moved stay where they are.
    """
    known = base or {"cells": [cell for cell in new["cells"] if _id(cell) in {_id(own) for own in mine["cells"]}]}
    was = _paired(mine["cells"], known["cells"], _id, content)  # place in mine: place in base; a program may have dropped the ids
    # place in base: place in new; the id of an unnamed cell counts its place, so what a cell says comes first
    now = _paired(known["cells"], new["cells"], lambda cell: (_id(cell), content(cell)), content, _id)
    here, back = ({place: index for index, place in pairs.items()} for pairs in (was, now))
    cells: dict[tuple[str, int], list[dict]] = {}
    for place, cell in enumerate(new["cells"]):
        before = back.get(place)
        if before is None:
            cells["new", place] = [cell]
        elif before in here:
            cells["new", place] = _one(mine["cells"][here[before]], known["cells"][before] if base else None, cell)
        elif content(cell) != content(known["cells"][before]):
            cells["new", place] = [cell]
    order = []
    for index, cell in enumerate(mine["cells"]):
        place = now.get(was[index]) if index in was else None
        if place is not None:
            order.append(("new", place))
        elif index not in was or content(cell) != content(known["cells"][was[index]]):
            cells["mine", index] = [cell]
            order.append(("mine", index))
    ours = [("new", place) for place in range(len(new["cells"])) if ("new", place) in cells]
    woven = _woven(ours, order) if list(dict(sorted(was.items())).values()) == sorted(was.values()) else _woven(order, ours)
    ids = {_id(cell) for cell in new["cells"]}
    result, beside = [], []
    for key in woven:
        for number, cell in enumerate(cells[key]):
            own = dict(cell)
            if number or key[0] == "mine":
                own["id"] = _fresh(_id(cells[key][0]) if number else _id(cell), ids)
                ids.add(own["id"])
            result.append(own)
        beside += [_id(cells[key][0])] if len(cells[key]) > 1 else []
    return {**mine, "cells": result, "nbformat": new["nbformat"], "nbformat_minor": new["nbformat_minor"]}, beside


def _fresh(wanted: str, taken: set[str]) -> str:
    """Return an id that no other cell has."""
    wanted = wanted[:50] or "own"
    return next(one for one in (wanted, *(f"{wanted}-own-{number}" for number in range(1, 10_000))) if one not in taken)
