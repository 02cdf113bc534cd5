"""Does a skill made of a demonstration know its parameters, and does it do other values, also on a changed page?

- `key.py` reads the written key, `benchmarks/data/generalize_key.toml`.
- `ground.py` has the pages: the town, in several releases, and development tasks of MiniWoB++ from their own package.
- `person.py` shows each task with real input while the recorder records.
- `measuring.py` shows a task, generalises it and does it again.
- `judging.py` compares what was found with the key, `watching.py` what a replay did with what the person does.
- `adversary.py` meddles with the page of an irreversible act; `willing.py` is the person who says yes to everything.
"""
