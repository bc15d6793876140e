"""Model cards: the YAML front matter, read safely, the body, and the facts that both state with their evidence.

    card(text)               front matter and body apart
    extract(text, model_id)  every fact with its raw text, normalised value, place, method and confidence

Nothing here reads a clock: that a card cannot take long follows from budgets (see `document.py`).
"""

from peatmoss.parse.card.extract import VERSION, Extraction, extract
from peatmoss.parse.card.front import MAX_CARD, MAX_FRONT_MATTER, MAX_NODES, Card, card, load_yaml
from peatmoss.parse.card.value import FIELDS, Value

__all__ = [
    "FIELDS", "MAX_CARD", "MAX_FRONT_MATTER", "MAX_NODES", "VERSION", "Card", "Extraction", "Value", "card", "extract",
    "load_yaml",
]  # fmt: skip
