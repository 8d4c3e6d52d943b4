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
    "table_unknown": "There is no table called {name!r}.{nearest} The tables are: {tables}.",
    "nearest": " Did you mean {nearest!r}?",
    "table_name_kind": 'Write the name of a table between quotes, for example load("cobalt_mining"); you gave {value}.',
    "datasets_missing": (
        "The folder datasets/ is neither inside the course package nor beside it. Take it again from where the course came from "
        "(its zip or its repository), or install the package again."
    ),
    "package_unreadable": "datasets/datapackage.json cannot be read ({reason}). Take it again from where the course came from (its zip or its repository).",
    "file_missing": "The file {file} is missing. Take it again from where the course came from (its zip or its repository).",
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
    "input_unknown": "The model has no input called {name!r}.{nearest} Its inputs are: {inputs}.",
    "input_number_kind": "{name}, {column}: a number is wanted, in the unit of the row, with a point for decimals; you gave {value}.",
    "input_name_kind": 'The name of an input is text between quotes, for example "students"; you gave {value}.',
    "input_incomplete": "{name}: give a value, or both bounds (low= and high=), or all three.",
    "input_order": "{name}: the numbers {numbers} are not in order; low comes first, then the value, then high.",
    "input_number_range": "{name} lies between {lowest} and {highest}: look at its unit again.",
    "model_kind": "three_ledgers() takes what draw() or central() makes of the inputs; you gave {value}.",
    "model_columns": "The model lacks the input {columns}. Give it what draw() or central() makes of the table.",
    "results_kind": "ranges() takes what three_ledgers() gives; you gave {value}.",
    "results_columns": "These results lack {columns}. Give ranges() what three_ledgers() gives.",
    "output_kind": 'The name of an output is text between quotes, for example "carbon_kg"; you gave {value}.',
    "output_unknown": "The model gives no {name!r}.{nearest} It gives: {outputs}.",
    "draws_kind": "Draw at least a hundred times, a whole number; you gave {value}.",
    # portfolio
    "stance_missing": "*Not written yet* · `{name}`: replace the three dots by your text between triple quotes, at most {most} words, and run the cell again.",
    "stance_kept": "Noted · `{name}`: {count} words. Run the cell again after each change; `portfolio()` at the end takes the last version.",
    "stance_long": "Noted · `{name}`: {count} words, {most} were asked for. Nothing is cut; which sentence could go?",
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
    "own_workbook": "{file} is a workbook, not a CSV table. In Excel: File, Save As, file type 'CSV UTF-8 (Comma delimited)'. In LibreOffice: File, Save As, file type 'Text CSV', character set UTF-8. Then give the name of the new file.",
    "own_two_readings": "{file}, line {line}, column {column}: {value} can be read in two ways, as {whole} or as {part}. Write it without a mark for thousands, or with more or fewer decimals, and read the table again.",
    "own_read": "{file} was read as: {how}.",
    "own_read_utf16": "text in UTF-16",
    "own_read_comma": "commas between the cells",
    "own_read_semicolon": "semicolons between the cells",
    "own_read_tab": "tabs between the cells",
    "own_read_commas": "decimal commas ({value} is {point})",
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
    # the doors
    "door_first": "Installing the course into .venv (the first time: a minute or two) ...",
    "door_again": "The environment .venv is not whole, or was made for another folder, other versions or another Python: it is made anew (a minute or two) ...",
    "door_not_ours": "There was an environment .venv that the course did not make: it is now called {name}, nothing in it was changed. Installing the course into a new .venv (a minute or two) ...",
    "door_in_use": "The environment .venv must be made anew, and something still uses it. Close JupyterLab and the windows where it is activated, open a new terminal, and run the same command again.",
    "door_by_pip": "uv could not install the lock; trying pip, which takes longer.",
    "door_interrupted": "Stopped. Run the same command again: it starts afresh.",
    "door_long": "The course's folder has a name of {length} characters, and this Windows allows {most}: move it to a short place, for example C:\\course, and run the same command again.",
    "door_no_venv": "This Python cannot make an environment (it said: {last}). On Debian or Ubuntu: sudo apt install python3-venv; elsewhere install Python from https://www.python.org/downloads/. Then run the same command again.",
    "door_no_network": "The packages could not be fetched (the last word was: {last}). Check the network and run the same command again; a room without network: see 'A room without network' in course/guide/class_server.md.",
    "door_proxy": "The packages could not be fetched through the proxy {proxy} (the last word was: {last}). Is its address right? It stands in the variable HTTPS_PROXY. Then run the same command again.",
    "door_no_space": "The disk is full: the course needs 600 MB. Make room and run the same command again.",
    "door_stopped": "The installation stopped (the last word was: {last}). Run the same command again.",
    "door_no_folder": "The folder {folder} cannot be written ({reason}). Move the course to a folder of your own and run the same command again.",
    "door_not_whole": "The installation ended, and the environment still lacks something. Run the same command again; if it says the same, the folder .venv can be deleted first.",
    "door_wheels": "The folder {folder!r} holds no wheels. Give the folder that pip download filled: python3 -m course lab --wheels FOLDER",
    "door_home": "Your home folder cannot be written: what JupyterLab wants to remember goes to my_course/.home instead.",
    "door_alone": (  # a line of the notebooks' first code cell each: there the course cannot be asked
        "This notebook needs the course, and the Python that runs it does not have it.\n"
        "With the course's folder: close this, and type there in a terminal: python3 -m course lab\n"
        "Opened by the course, with another kernel: choose Kernel, Change Kernel, Python 3 (ipykernel).\n"
        "On Colab, or with this file alone: put the course's zip beside it, and run in a new cell: %pip install NAME.zip seaborn"
    ),
    "door_clone": "lab needs the whole course, as a clone or a zip: an installed package has no notebooks.",
    "binder_no_git": "git is not installed, so the address of this clone cannot be read. Give the public address: python3 -m course binder https://github.com/you/repository",
    "binder_no_remote": "This clone has no remote called origin. Give the public address: python3 -m course binder https://github.com/you/repository",
    # the learner's copies
    "copy_adopted": "{file} held your work: it is now in {copy}, answers and all. Go on there.",
    "copy_kept": "{file} held your work: it is kept as {kept}.",
    "copy_unreadable_kept": "{file} cannot be read as a notebook; it is kept as {kept}.",
    "copy_unreadable": "{file} cannot be read as a notebook. It is left as it is. For a fresh copy: python3 -m course reset, then the notebook's name.",
    "copy_forward": "{file}: the course's new text and data came; you had written nothing in it.",
    "copy_merged": "{file}: the course's new text and data came, and all that you wrote is still there. The notebook as it was is in the folder kept.",
    "copy_beside": "{file}, cell {cell}: you and the course both changed it. The course's stands in its place, yours right below.",
    "copy_table_beside": "{file} is yours and stays. The course's newer one is beside it: {new}.",
    "reset_none": "There is no notebook called {asked}. The notebooks are: {lessons}.",
    "reset_many": "Several notebooks begin with {asked}: {lessons}. Give the whole name.",
    "reset_changed": "{file} is not as the course made it, so no fresh copy can be taken from it. To have it made again, your work in it kept: python3 -m course build {lesson}",
    "reset_kept": "{file} is kept as {kept}.",
    "reset_done": "{file} is fresh.",
    "update_no_git": "git is not installed, so this clone cannot be updated. Install it from https://git-scm.com, or download the course's zip and run: python3 -m course update NAME.zip",
    "update_no_remote": "This clone does not know where it came from (its branch follows no other). Download the course's zip and run: python3 -m course update NAME.zip",
    "update_no_network": "The course's address does not answer. Is the network there, and the address still right (git remote -v)? Nothing was changed.",
    "update_own_commits": "This clone has commits of its own, so it cannot simply follow the course. Nothing was changed. Whoever made them merges them: git pull",
    "update_changed": "You changed files of the course that the update changes too: {files}. Nothing was changed. Commit them or put them back, then run the same command again.",
    "update_refused": "git did not accept the update. Nothing was changed. To read why: git pull --ff-only",
    "update_give_zip": "This folder came as a zip. Download the newer zip, then give its name: python3 -m course update NAME.zip",
    "update_no_zip": "{file} cannot be opened as a zip. Is the name right, and is the download complete?",
    "update_not_course": "{file} does not hold this course. Nothing was changed.",
    "update_older": "{file} holds an older course than this one. Nothing was changed.",
    "update_kept": "{count} files of the course were not those of the new one; as they were, they are in {folder}.",
    "update_came": "The course is now the newest.",
    "update_nothing": "The course was already the newest.",
    "test_changed": "{file} holds your work: it is not tested. python3 -m course lab copies it to my_course, where it is yours.",
    "test_stranger": "{file} is not the course's: it is not tested.",
    "update_beside": "**Kept by the update.** You and the course both changed the cell above. This is what you had written there:",
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
    "carbon_kwh_low": "{value} kWh is negative. Electricity that a site gives back to the grid needs another calculation than this one.",
    "carbon_country_kind": 'Write the country between quotes, for example "Ireland"; you gave {value}.',
    "carbon_country_unknown": "There is no country called {value} in grid_carbon.{nearest} It holds: {known}.",
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
