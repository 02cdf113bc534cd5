"""workflow-use: its workflows as JSON and as YAML, in every form that they have had."""

from __future__ import annotations

from teach_mode.formats.format import Format
from teach_mode.formats.workflow_use.reading import read_json, read_yaml_file, recognises_json, recognises_yaml
from teach_mode.formats.workflow_use.writing import HOLDS, write_json, write_yaml

JSON = Format(
    name="workflow-use-json",
    tool="workflow-use",
    suffix=".json",
    recognises=recognises_json,
    read=read_json,
    write=write_json,
    holds=HOLDS,
)
YAML = Format(
    name="workflow-use-yaml",
    tool="workflow-use",
    suffix=".yaml",
    recognises=recognises_yaml,
    read=read_yaml_file,
    write=write_yaml,
    holds=HOLDS,
)
