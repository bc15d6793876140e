"""What an extractor finds: one value of one field, with its evidence."""

from __future__ import annotations

from typing import NamedTuple

FIELDS: dict[str, str] = {
    "domain": "Field of machine learning, by the tasks.",
    "task": "Task in the Hub's words.",
    "library": "Library or framework that loads, trains or runs the model.",
    "language": "Natural language, as an ISO 639 code or multilingual.",
    "dataset": "Dataset; role: train, evaluation or unknown.",
    "license": "License, as a Hub id where the name is known.",
    "github_repository": "GitHub repository owner/name; role: upstream or mention.",
    "paper": "Paper: arxiv:, doi:, acl: with its id, or title: without one; role: cited (in BibTeX) or mention.",
    "base_model": "Model that this one is derived from; role: how (finetune, adapter, quantized, merge, unknown).",
    "parameter_count": "Parameters; number is the count.",
    "hyper_parameter": "Setting of the training or the architecture; name says which.",
    "hardware": "Hardware used; number is how many devices, unit device.",
    "hardware_hours": "Hours of training; number in hours.",
    "hardware_provider": "Cloud provider.",
    "hardware_region": "Region of the computation.",
    "carbon_emitted": "Emissions; number in kg CO2eq.",
    "evaluation": "Evaluation result; name is the metric, number the value as written, unit percent or ratio if clear.",
    "limitation": "Limitations, risks or bias are described: the section.",
    "intended_use": "Intended uses are described: the section.",
    "citation": "How to cite is said: the section or the BibTeX entry.",
    "demo": "A demo: a Space or a notebook.",
    "grant": "Who funded or supported the work, as written.",
    "input_format": "What goes in, as written.",
    "output_format": "What comes out, as written.",
    "context_length": "Longest input; number in tokens.",
}
"""Field -> what its values are."""

FRONT_MATTER = "front_matter"


class Value(NamedTuple):
    """One value.

    value:      normalised text; for presence fields (limitation, intended_use, citation) the word present
    name:       what a metric or a setting is called
    number:     the value as a number, in `unit`
    raw:        the text as it stands in the card
    path:       where in the front matter, such as model-index[0].name; None: in the body
    start, end: characters of the card (front matter counted); None: in the front matter
    confidence: by the rule, from 0 to 1
    """

    field: str
    value: str
    raw: str
    method: str
    confidence: float
    name: str | None = None
    number: float | None = None
    unit: str | None = None
    role: str | None = None
    dataset: str | None = None
    split: str | None = None
    path: str | None = None
    start: int | None = None
    end: int | None = None
