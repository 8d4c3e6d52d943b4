"""Every sentence the package says to a learner, in one place, so that a second language is one more table.

``say(key, **values)`` fills a sentence; ``CourseError`` carries one to the screen without a traceback.
"""

from __future__ import annotations

RECORD_MIME = "application/vnd.triple-extraction.record+json"

MESSAGES = {
    # what is typed
    "three_dots": "the three dots",
    "name_kind": 'Write the name between quotes, as in {call}("{example}"); you gave {value}.',
    "name_long": "A name has at most {most} characters; this text has {count}.",
    # tables
    "table_unknown": "There is no table called {name!r}.{nearest} course.tables() lists them.",
    "nearest": " Did you mean {nearest!r}?",
    "table_name_kind": 'Write the name of a table between quotes, for example load("cobalt_mining"); you gave {value}.',
    "datasets_missing": (
        "The folder datasets/ is neither inside the course package nor beside it. Restore it with: git checkout -- datasets, "
        "or install the package again."
    ),
    "package_unreadable": "datasets/datapackage.json cannot be read ({reason}). Restore it with git, or correct it there.",
    "file_missing": "The file {file} is missing. Restore it with: git checkout -- {file}",
    "file_not_utf8": "The file {file} is not UTF-8 text. Save it as UTF-8 in your editor.",
    "file_not_csv": "The file {file} cannot be read as a CSV table: {reason}",
    "columns_missing": "The file {file} lacks the column {columns}. Its first line must be: {expected}",
    "columns_extra": "The file {file} has a column {columns} that its schema does not know. Its first line must be: {expected}",
    "cell_not_number": "{file}, line {line}, column {column}: {value!r} is not a number{unit}. Write digits and a point, nothing else.",
    "cell_not_integer": "{file}, line {line}, column {column}: {value!r} is not a whole number.",
    "cell_not_boolean": "{file}, line {line}, column {column}: {value!r} must be true or false.",
    "cell_not_date": "{file}, line {line}, column {column}: {value!r} is not a date. Write it as 2026-11-22.",
    "cell_missing": "{file}, line {line}, column {column}: a value is required and the cell is empty.",
    "cell_not_allowed": "{file}, line {line}, column {column}: {value!r} is not one of {allowed}.",
    "cell_too_low": "{file}, line {line}, column {column}: {value}{unit} is less than {limit}, the least that its schema allows. Did a point, a zero, a sign or the unit slip? If the figure is right, the limit in the table's .yml file is wrong.",
    "cell_too_high": "{file}, line {line}, column {column}: {value}{unit} is more than {limit}, the most that its schema allows. Did a point, a zero or the unit slip? If the figure is right, the limit in the table's .yml file is wrong.",
    "cell_not_form": "{file}, line {line}, column {column}: {value!r} has not the form of its column, {pattern}. Write it as the lines around it do.",
    "cell_repeated": "{file}, line {line}, column {column}: {value!r} already stands on an earlier line, and each row has its own.",
    "cell_unknown": "{file}, line {line}, column {column}: the table {home} has no {value!r}.{nearest} Correct the cell, or add the row to datasets/{home}.csv.",
    "key_repeated": "{file}, line {line}: the key ({key}) is already used on an earlier line.",
    "cite_columns": (
        "These rows have no column called source any more, so their sources are lost. "
        "Give cite() the rows as they were before grouping or choosing columns."
    ),
    "cite_kind": "cite() takes one or more tables, as load() returns them; you gave {value}.",
    "source_unknown": "The source {source!r} is not in datasets/sources.csv. Add its row there, or correct the key.",
    "sources_title": "**Sources of these rows**",
    "sources_summary": "Sources of these rows: {count} documents (click to unfold)",
    "sources_none": "*No row, no source.*",
    # datasheets
    "sheet_purpose": "Why it exists",
    "sheet_measured_by": "Who counted",
    "sheet_inside": "Inside the count",
    "sheet_outside": "Outside the count",
    "sheet_revisions": "Revisions",
    "sheet_disagreements": "Known disagreements",
    "sheet_not_for": "Not to be used for",
    "sheet_next_edition": "Next edition",
    "sheet_rows": "{rows} rows; licence: {licence}.",
    "sheet_columns": "The {count} columns",
    "sheet_column": "column",
    "sheet_unit": "unit",
    "sheet_meaning": "what it says",
    # claims
    "claim_unknown": "There is no claim called {name!r} in the ledger.{nearest}",
    "claim_hidden": "The claim {name!r} is kept out of class material.",
    "claims_list": 'Give {call}() the names of claims in a list, as in {call}(["cobalt-drc-60pct"]); you gave {value}.',
    "claim_card": "> **Claim** · `{claim}`\n>\n> {statement}\n>\n> — {speaker}{who}, {said_in}, {year}.{attributed}",
    "claim_line": "- `{claim}` · {statement} *({speaker}, {year})*",
    "claim_inferred": " (year inferred)",
    "claim_attributed": " Credited to: {attributed_to}.",
    "verdict_unanswered": "No verdict yet on `{claim}`. Replace the three dots by one of: {words}; then say why, after `because=`.",
    "verdict_unknown": "{word} is not in the scale. Choose one of: {words}.",
    "verdict_no_reason": "You say *{word}*. A verdict without a reason cannot be discussed: write one sentence after `because=`.",
    "verdict_yours": "**Your verdict:** {word}. *{because}*",
    "claim_who": " ({who})",
    "verdict_ledger": "**The ledger:** {verdict}. {evidence} *(last checked {date})*",
    "verdict_why_not": "**Why not another word?** {why_not}",
    "verdict_unchecked": "**The ledger** has no verdict: nobody here has read a source that settles it. What would: {test_with}",
    "verdict_same": "You agree with the ledger. What would change both your minds?",
    "verdict_other": "You and the ledger disagree. Which of you used a different unit, perimeter or date? The ledger can be wrong: it is a text file, and corrections are welcome.",
    # exercises
    "id_unknown": "There is no exercise called {name!r}.{nearest}",
    "not_answered": "*Not answered yet* · `{name}`: replace the three dots, then run the cell again.",
    "not_answered_hint": ' Stuck? `hint("{name}")` in a new cell.',
    "not_predicted": "*No prediction yet* · `{name}`: replace the three dots by your guess{unit}, then run the cell again. A wild guess is fine, a blank is not.",
    "predicted": "Noted · `{name}`: you say **{value}{unit}**. Keep it in mind.",
    "predicted_fraction": " You wrote a number between 0 and 1 and the unit is per cent: {value} % is less than one in a hundred. Is that what you mean?",
    "outcome_none": "The answer here: **{actual}{unit}**. You made no prediction for `{name}`: go back, guess, and see how far off you were.",
    "outcome_right": "The answer here: **{actual}{unit}**. You said {value}{unit}: as near as makes no difference.",
    "outcome_high": "The answer here: **{actual}{unit}**. You said {value}{unit}: too high by {gap}. What made it look larger?",
    "outcome_low": "The answer here: **{actual}{unit}**. You said {value}{unit}: too low by {gap}. What made it look smaller?",
    "outcome_same_word": "The answer here: **{actual}**. So did you.",
    "outcome_other_word": "The answer here: **{actual}**. You said {value}. What did you have in mind?",
    "right": "**Right.** {right}",
    "mistake": "**Not yet.** {message}",
    "wrong": "**Not yet.** You gave {value}{unit}, and it is none of the usual mistakes. Check the unit, the year and what stands under the line.",
    "times_100": "You gave a percentage; the question asks for a fraction: divide by 100.",
    "over_100": "You gave a fraction; the question asks for per cent: multiply by 100.",
    "times_1000": "You are a thousand times too high: look at the unit (tonnes or kilotonnes, grams or kilograms).",
    "over_1000": "You are a thousand times too low: look at the unit (tonnes or kilotonnes, grams or kilograms).",
    "sign": "The size is right, the sign is not: which one do you subtract from which?",
    "inverse": "You have the ratio upside down: what should stand under the line?",
    "near": "Close, but rounded too early or read from another edition: the answer is within 5 %, not within {tolerance}.",
    "answer_none": "**Not yet.** Your answer is None: a function that prints does not return. Give the value itself.",
    "answer_nan": "**Not yet.** Your answer is not a number (NaN): a missing value got into the calculation, or a name selected no row.",
    "answer_infinite": "**Not yet.** Your answer is infinite: something was divided by zero. Which row is empty?",
    "answer_text": "**Not yet.** The answer is a number and you gave text: {value}. Take off the quotes.",
    "answer_comma": "**Not yet.** You gave text: {value}. Take off the quotes and write the decimals after a point: {fixed}.",
    "answer_bool": "**Not yet.** You gave {value}: the result of a comparison. The answer is a number.",
    "answer_many": "**Not yet.** One number is asked for; you gave {count} of them ({kind}). Choose one row, or reduce them with sum(), mean() or max().",
    "answer_empty": "**Not yet.** You gave an empty {kind}: your selection kept no row. Check the spelling of names and the year.",
    "answer_callable": "**Not yet.** You gave a function, not its result: add the parentheses.",
    "answer_kind": "**Not yet.** The answer is a number; you gave {kind}.",
    "answer_word": "**Not yet.** The answer is a word between quotes; you gave {kind}.",
    "answer_choice": "**Not yet.** {value!r} is not one of the choices: {choices}.",
    "answer_mapping": "**Not yet.** Give a dictionary with one entry for each of: {names}.",
    "mapping_missing": "*Not answered yet* · `{name}`: {count} of {total} still to do ({names}).",
    "mapping_score": "**{right} of {total}.**",
    "mapping_item": "- `{item}`: you say *{value}*. {message}",
    "mapping_other": "Look at the table again.",
    "one_of_series": "(You gave a {kind} with one value; its value was taken.) ",
    "no_hint": "There is no hint for `{name}`.",
    "hint": "*Hint {number} of {total}.* {hint}",
    "hint_last": " That was the last one.",
    # the model of three ledgers
    "inputs_kind": 'The model wants its table of inputs first: inputs = load("footprint_inputs"), or what change() made of it.',
    "input_unknown": 'The model has no input called {name}.{nearest} inputs["input"] lists them.',
    "input_number_kind": "{name}, {column}: a number is wanted, in the unit of the row, with a point for decimals; you gave {value}.",
    "input_name_kind": 'The name of an input is text between quotes, for example "students"; you gave {value}.',
    "input_incomplete": "{name}: give a value, or both bounds (low= and high=), or all three.",
    "input_order": "{name}: the numbers {numbers} are not in order; low comes first, then the value, then high.",
    "input_number_range": "{name} lies between {lowest} and {highest}: look at its unit again.",
    "model_kind": "three_ledgers() takes what draw() or central() makes of the inputs; you gave {value}.",
    "model_columns": 'Some inputs of the model are not in this table. Give it what draw() or central() makes of load("footprint_inputs").',
    "model_numbers": 'Some inputs in this table are no numbers. Give the model what draw() or central() makes of load("footprint_inputs").',
    "results_kind": "ranges() takes what three_ledgers() gives; you gave {value}.",
    "results_columns": "These results lack {columns}. Give ranges() what three_ledgers() gives.",
    "results_numbers": "These results hold something that is no number. Give ranges() what three_ledgers() gives.",
    "inputs_columns": 'This table lacks a column of the inputs. Take inputs = load("footprint_inputs"), or what change() made of it.',
    "inputs_numbers": 'A value of these inputs is no number. Take inputs = load("footprint_inputs"), or what change() made of it.',
    "output_list": 'Name the outputs in a list, as in ranges(results, ["carbon_kg"]); you gave {value}.',
    "chance_kind": "The chance of an end is more than 0 and at most 0.5, as 0.05; you gave {value}.",
    "seed_kind": "The seed is a whole number, 0 or more; you gave {value}.",
    "output_kind": 'The name of an output is text between quotes, for example "carbon_kg"; you gave {value}.',
    "output_unknown": "The model gives no {name}.{nearest} The columns of three_ledgers() are what it gives.",
    "draws_kind": "Draw a hundred times or more, at most 100,000 times, a whole number; you gave {value}.",
    # portfolio
    "stance_missing": "*Not written yet* · `{name}`: replace the three dots by your text between triple quotes, at most {most} words, and run the cell again.",
    "stance_kept": "Noted · `{name}`: {count} words. Run the cell again after each change; `portfolio()` at the end takes the last version.",
    "stance_long": "Noted · `{name}`: {count} words, {most} were asked for. Nothing is cut; which sentence could go?",
    "stance_most_kind": "most is the number of words that were asked for, a whole number such as 150; you gave {value}.",
    "portfolio_own_words": "*In the learner's words, checked by nobody:*",
    "portfolio_who_kind": "Give your name or your group's between quotes; you gave {value}.",
    "portfolio_folder": "The folder is the name of one between quotes; you gave {kind}.",
    "portfolio_too_many": "there are {count} portfolios of this name here: remove some",
    "portfolio_title": "Portfolio of {who}",
    "portfolio_untitled": "Portfolio",
    "portfolio_predictions": "Predictions",
    "portfolio_prediction": "- `{name}`: predicted {value}",
    "portfolio_outcome": "; the answer there: {actual}",
    "portfolio_answers": "Checked answers",
    "portfolio_answer": "- `{name}`: answered {value}",
    "portfolio_verdicts": "Verdicts",
    "portfolio_stances": "Written texts",
    "portfolio_counts": "{prediction} predictions, {answer} answers, {verdict} verdicts, {stance} written texts",
    "portfolio_unnamed": "Your portfolio would hold {held}. Replace the three dots by your name or your group's, between quotes, and run the cell again: a file is written beside this notebook. Sentences typed into text cells stay in the notebook: hand in both.",
    "portfolio_who": 'Give your name or your group\'s between quotes, as in portfolio("group 3"); you gave {kind}.',
    "portfolio_empty": "Nothing to gather yet: this session holds no prediction, answer, verdict or text. Run the notebook from the top (Run, Run All Cells), then this cell again.",
    "portfolio_written": "**Written:** `{file}`, with {held}. It stands beside this notebook in the list of files: right-click it, then *Download* (on Binder, before you leave).",
    "portfolio_unwritable": "The file could not be written here ({reason}). Nothing is lost: this is your portfolio; copy it.",
    # bring your own
    "own_name_kind": 'Give the name of your file between quotes, as in my_table("my_table.csv"); you gave {value}.',
    "own_missing": "There is no file {file} beside this notebook. The tables seen here are: {nearby}. Save yours as CSV (UTF-8, commas); its first line is: {columns}",
    "own_large": "The file {file} has {size} MB, which no table of yours needs. Is it another file? Save one sheet of it as CSV.",
    "own_header": "{file}: the first line names {count} columns. It must be: {expected}",
    "own_long": "{file}, line {line}, column {column}: this cell holds {count} letters. Is a quotation mark missing? Shorten it: a note is a sentence or two.",
    "own_blank": "{file}, line {line} ({row}), column {column}: nothing that can be read stands here. Write a word or a number.",
    "own_two_publishers": "{file}, line {line} ({row}): this source has two publishers in your table. Give each document its own title, and one publisher.",
    "own_our_source": "{file}, line {line} ({row}): a source of the course has this name already, and cite() would show that one. Write the title of your document.",
    "own_url": "{file}, line {line} ({row}): the address must begin with https:// or http://, with no space, bracket or quote in it. Leave the cell empty if there is none.",
    "own_units_kind": 'Name new units in a list, as in my_table("my_table.csv", units=["bottles"]); you gave {value}.',
    "own_cells": "{file}, line {line}: this line has {cells} cells, and the first line {expected}. Write decimals with a point, and put quotes around a text that holds a comma.",
    "own_no_source": "{file}, line {line} ({row}): this row has no source. Write the title of the document where you read the figure, and in locator where in it. A figure that nobody can find again does not enter.",
    "own_unit": "{file}, line {line} ({row}): the course knows no unit {unit!r}.{nearest} Write it as the course does; if it is really a new one, name it: my_table(..., units=[{unit!r}]).",
    "own_units_near": " Did you mean {units}? Capitals matter: a millilitre is not a megalitre.",
    "own_two_units": "{file}, line {line} ({row}): {what!r} is given in several units ({units}). Convert them to one, and say so in note.",
    "own_order": "{file}, line {line} ({row}): low, value and high are not in order. Is one of them in another unit?",
    "own_unknown": "{file}, line {line} ({row}): no value, no low, no high. If nobody knows, say so in note, in a sentence; an unknown is worth a row.",
    "own_licence": "not checked",
    "own_claim_todo": "*Your claim is not complete yet.* Still to fill: {fields}. Tell it in your own words, at its strongest, with its number, unit and year.",
    "own_claim_name": "{name} cannot name a claim. Use lower-case letters, digits and dashes, as in 'copilot-26-minutes'.",
    "own_claim_taken": "The ledger already has a claim called {name!r}. Choose another name; to audit that one, use claim({name!r}).",
    "own_claim_side": "{side} is not a side. Write 'critic' or 'promoter': who would be pleased if the claim were right?",
    "own_claim_year_kind": "{value} is not a year. Write four digits, without quotes.",
    "own_claim_text_kind": "{field} is a text between quotes; you gave {value}.",
    "verdict_own": "This claim is yours: no ledger answers. What would settle it: {test_with} Ask another group to audit your audit.",
    # marks: what is said of a notebook that was handed in
    "marks_no_file": "This is no file but a link, a folder or a device, so it was not opened. Ask for the notebook itself (File, Download).",
    "marks_large": "This file has {size} MB: a cell printed without end. Ask for it again after Edit, Clear Outputs of All Cells; a notebook of this course has less than 2 MB.",
    "marks_unreadable": "This file is damaged ({reason}), so nothing could be read. Ask for it again (File, Download).",
    "marks_no_cells": "This is no notebook of today's form: it has no list of cells. Open it in JupyterLab, save it, and hand that in.",
    "marks_many_cells": "This file has {count} cells, which no notebook of this course has. Ask for the notebook itself.",
    "marks_no_lesson": "No exercise of this course is in this notebook: another file was handed in, or it was emptied.",
    "marks_no_folder": "There is no folder {folder}. Name the folder that holds what was handed in.",
    "marks_not_ours": "{path} in this clone is not what the build made, so answers cannot be compared with it. Restore it (python -m course build).",
    "marks_packed": "This is a packed file. Unpack it in its folder, then run the command again.",
    "marks_portfolio": "A portfolio is a text that any editor can change: it is shown, not marked. Marks come from the notebook.",
    "marks_nothing": "There is no notebook in this folder. Ask for it again.",
    "marks_renamed": "Renamed (it was {wanted}): no matter here; nbgrader would not find it, so rename it for nbgrader.",
    "marks_stripped": "Stripped: the notebook lost the data that say which lesson it is. It was known by its exercises; nbgrader needs a fresh copy.",
    "marks_solutions": "This is the notebook of solutions, not the learner's. Ask whose work it is.",
    "marks_twice": "Copied: a cell of this name stands more than once ({cells}). The cell that has an answer is read; nbgrader would stop, so delete the copy for nbgrader.",
    "marks_lost_grades": "{count} cells that nbgrader marks are not there any more ({names}). Ask for a fresh copy, or mark it without nbgrader.",
    "marks_empty": "Nothing is answered: perhaps the notebook as it was given was handed in. Ask for the one with the answers.",
    "marks_missing": "The cell of this exercise is not in the notebook. It calls check({exercise!r}, ...): copy it back from a fresh notebook.",
    "marks_missing_in": "{count} exercises are not in the notebook ({names}). Ask whether it is whole.",
    "marks_not_run": "Not run: the answer is computed, and its result is not stored. Run the notebook (Run, Run All Cells), save it, and hand it in again.",
    "marks_not_run_in": "{count} answers are computed and were not run ({names}). Ask for the notebook again after Run, Run All Cells, and Save.",
    "marks_stopped": "Not run to its end: the cell stopped with an error ({kind}). Correct it, run the notebook again, save it, and hand it in.",
    "marks_changed": "A line that was given, on which this answer rests, is not there as it was given.",
    "marks_changed_in": "{count} answers rest on given lines that were changed ({names}). They are not counted: look at them.",
    "marks_would_be": "By its value alone the answer is {word}.",
    "marks_no_output": "No cell has an output: only what was typed could be read. Ask for the notebook as it was saved after running.",
    "marks_odd_value": "This is no answer: a {kind} was given where a number, a word or a dictionary of words is asked for.",
    "marks_same": "Byte for byte the same file as that of {who}. Ask both.",
    "marks_several": "{count} notebooks of this lesson came from the same learner; each has its own line. Choose one.",
    "marks_page": "Marks and texts",
    "marks_formative": "These marks are formative: whoever opens the course can look the answers up. They say who did the work, not who understood it; give the weight to what is written.",
    "marks_line": "{who} · {file}{lesson}: {right} right of {total}",
    "marks_apart": ", {count} {state}",
    "marks_total": "{files} files of {learners} learners read; nothing of them was run.",
    "marks_fine": "Nothing to mend.",
    "marks_written_to": "Written: {files}. The folder keeps itself out of git.",
    "marks_out_full": "The folder {folder} holds something already, and marks are never written over. Remove it, or name another with --out.",
    "marks_cut": "(cut here: the rest is in the notebook)",
    "marks_exercises": "Exercises",
    "marks_texts": "In the learner's own words (nobody checked them)",
    "marks_cells": "Cells that the learner wrote or changed",
    # assignments for nbgrader
    "nbgrader_made": "made   {path}: {by_machine} points graded by nbgrader, {by_hand} by hand",
    "nbgrader_next": "next   cd {folder} && nbgrader generate_assignment {name}",
    "nbgrader_runs": "CAREFUL: nbgrader autograde runs what learners wrote, as you. Before it: python -m course marks {folder} --check. How to run it apart: course/guide/grading.md.",
    # the ledger in a terminal
    "cli_none": "No claim matches. Try a shorter word, or no filter: python -m course claims",
    "cli_count": "{count} of {total} claims. To read one: python -m course claims CLAIM",
    "cli_verdict": "Verdict: {verdict} (last checked {date})",
    "cli_unchecked": "No verdict yet. What would settle it: {test_with}",
    "cli_evidence": "Evidence: {evidence}",
    "cli_source": "Source: {title}. {publisher}{year}. {url}",
    "cli_lessons": "Treated in: {lessons}",
    "cli_no_lesson": "Treated in no notebook: a subject for your capstone.",
    "cli_recomputed": "Recomputed from the tables ({what}): {computed}, where the claim says {said}; the figure alone {word}",
    # audits
    "figure_fits": "fits",
    "figure_roughly fits": "roughly fits",
    "figure_does not fit": "does not fit",
    "audit_line": "**Recomputed from the tables** ({what}): {computed}, where the claim says {said}. The figure alone *{word}*.",
    "audit_overturned": "**The tables no longer agree with the ledger.** The figure alone now *{word}*, and the ledger says *{verdict}*. One of the two must be corrected: say which.",
    # figures
    "words_title": "**In words.** {words}",
    "words_missing": 'show() needs the words that say what the figure shows: show(fig, "…"). A figure without words is closed to some readers, and untested.',
    "figure_kind": "show() takes a matplotlib figure first, as in fig, ax = plt.subplots(); you gave {kind}.",
    "source_line": "Source: {sources}",
    "axes_kind": "{call}() takes axes first, as in fig, ax = plt.subplots(); you gave {value}.",
    "drawn_kind": "{call}() draws a table, as load() returns it; you gave {value}.",
    "drawn_columns": "{call}() needs the column {columns}; the table has: {has}. Rename yours with .rename(columns=...).",
    "drawn_numbers": "{call}() draws numbers; the column {columns} holds something else.",
    "drawn_empty": "{call}() has no row to draw: your selection kept none. Check the spelling of names and the year.",
    "source_more": "and {count} more, listed under Sources",
    # pay
    "pay_amount_kind": 'Give the pay as a number, for example convert_pay(2, "USD", "hour", to_period="day"); you gave {value}.',
    "pay_amount_missing": "The pay is missing (NaN): this row probably gives a range. Convert its columns low and high, one after the other.",
    "pay_amount_low": "Pay cannot be negative; you gave {value}.",
    "pay_currency_unknown": "There is no currency {value} in the table purchasing_power.{nearest} It knows: {known}.",
    "pay_int2021": "INT$2021 are international dollars at the prices of 2021: purchasing power is already in them, and they do not mix with money of another year.",
    "pay_needs_ppp": 'INT$ (international dollars) say what pay buys in a place: ask for them with basis="ppp" and a country, not at the market rate.',
    "pay_ppp_to_money": 'With basis="ppp" one side is INT$ and the other is money. For money on both sides, use basis="market".',
    "pay_period_unknown": "{value} is not a period.{nearest} Choose one of: {known}.",
    "pay_period_task": "Pay per task has no duration. Find how many tasks fill an hour, multiply, and convert the hour.",
    "pay_period_block": "A block is a number of hours given in the column hours: divide the pay by them, and convert the hour.",
    "pay_period_not_stated": "The source forgets the period. Nobody can convert a wage without knowing whether it is for an hour, a day or a month.",
    "pay_year_missing": "Say which year, for example year=2023: rates and prices move, and a wage without a year cannot be converted.",
    "pay_year_kind": "A year is a whole number, for example year=2023; you gave {value}.",
    "pay_rate_missing": "There is no exchange rate for {currency} in {year}; the table has {years}. A missing year is not filled with a neighbour's.",
    "pay_country_missing": 'Purchasing power is that of a place. Say where the pay is spent, for example country="Kenya".',
    "pay_country_unknown": "There is no country {value} in the table purchasing_power.{nearest} It knows: {known}.",
    "pay_parity_none": "{country} has no purchasing power parity in the table, for any year. The market rate says what the pay costs, not what it buys; that stays unknown.",
    "pay_parity_missing": "{country} has no purchasing power parity for {year}; the table has {years}. A missing year is not filled with a neighbour's.",
    "pay_basis_unknown": '{value} is not a basis.{nearest} Choose "market" (what the pay costs the buyer) or "ppp" (what it buys where it is spent).',
    "pay_hours_kind": "hours_per_day is more than 0 and at most 24; you gave {value}.",
    "pay_days_kind": "days_per_month is more than 0 and at most 31; you gave {value}.",
    # electricity to emissions
    "carbon_kwh_many": (
        "emissions() takes one number; you gave {count} of them ({kind}). For a Series of one, add .item(); "
        "for a whole column, multiply it by the emissions of 1 kWh."
    ),
    "carbon_kwh_text": "The kilowatt-hours are a number and you gave text: {value}. Take off the quotes, and write decimals after a point.",
    "carbon_kwh_kind": "The kilowatt-hours are a number; you gave {value}.",
    "carbon_kwh_nan": "The kilowatt-hours are not a number (NaN): a missing value got into the calculation.",
    "carbon_kwh_infinite": "The kilowatt-hours are infinite: something was divided by zero.",
    "carbon_kwh_high": "{value} kWh is more than the whole world uses in thirty years. Did a unit slip, or a zero?",
    "carbon_kwh_low": "{value} kWh is negative. Electricity that a site gives back to the grid needs another calculation than this one.",
    "carbon_country_kind": 'Write the country between quotes, for example "Ireland"; you gave {value}.',
    "carbon_country_unknown": (
        'There is no country called {value} in grid_carbon.{nearest} load("grid_carbon")["country"].unique() lists those it holds.'
    ),
    "carbon_accounting_unknown": (
        "The accounting is 'generation' (plants in the country) or 'consumption' (imports followed); you gave {value}.{nearest}"
    ),
    "carbon_accounting_missing": "grid_carbon has no {accounting} figure for {country} as a whole{zones}. It has {other}, for {years}.",
    "carbon_zones_only": ", only for {zones}",
    "carbon_year_kind": "The year is a whole number such as 2023, without quotes; you gave {value}.",
    "carbon_year_missing": "grid_carbon has no {accounting} figure for {country} in {year}. Its years are {years}.",
}

USES = {
    "jupyterlab": "the window you are looking at",
    "pandas": "tables",
    "numpy": "arrays and random numbers",
    "matplotlib": "figures",
    "seaborn": "statistical figures",
    "nbval": "re-runs every notebook as a test",
}


def say(key: str, /, **values: object) -> str:
    """Return the sentence ``key`` of the message table, filled with ``values``."""
    return MESSAGES[key].format(**values)


class CourseError(ValueError):
    """A mistake that a sentence can mend. Notebooks show the sentence alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # the method IPython looks for when it shows an exception
        return [str(self)]


def nearest(name: object, known: list[str]) -> str:
    """Return " Did you mean 'x'?" for the known name closest to ``name``, or nothing."""
    from difflib import get_close_matches

    found = get_close_matches(str(name).lower(), known, n=1, cutoff=0.5)
    return say("nearest", nearest=found[0]) if found else ""


def tell(text: str, record: dict | None = None) -> None:
    """Show ``text`` (Markdown) under the cell, or print it where there is no notebook.

    ``record`` stands beside it for programs (slides, pages, portfolios, marks), so that none has to read the sentence: a ``kind``, and
    what was asked, shown or typed. It never holds a key, a verdict of the ledger or an answer that was not guessed yet.
    """
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        print(text)
        return
    if get_ipython() is None:
        print(text)
    else:
        # JupyterLab previews the first line of a folded output: a blank one keeps a folded answer secret.
        shown: dict = {"text/markdown": f" \n{text}", "text/plain": f" \n{text}"}
        display(shown | ({RECORD_MIME: record} if record else {}), raw=True)
