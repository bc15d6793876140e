"""peatmoss fetch llm_answer: questions to a language model -> archive."""

from __future__ import annotations

import json as json_module
import os
from pathlib import Path
from typing import Annotated

import typer

from peatmoss.cli.common import Json, Quiet, bar, emit, say
from peatmoss.cli.fetch_hub import worklist
from peatmoss.errors import PeatmossError


def llm_answer(
    archive: Annotated[
        Path, typer.Option(envvar="PEATMOSS_ARCHIVE", help="Folder of the archive with the cards or commits.")
    ],
    base_url: Annotated[
        str,
        typer.Option(
            envvar="PEATMOSS_LLM_URL", help="Endpoint that speaks OpenAI's API, such as http://localhost:11434/v1."
        ),
    ],
    model: Annotated[str, typer.Option(help="Name of the language model at that endpoint.")],
    prompt: Annotated[
        str, typer.Option(help="What is asked: card (the facts of model cards) or commit (what commits change).")
    ] = "card",
    keys: Annotated[
        Path | None,
        typer.Option(
            help="Ask about these only: a file (- is stdin) with one name a line: owner/name of a model; for commits"
            " also of a repository, or owner/name@hash."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many questions.")] = None,
    max_cost: Annotated[float | None, typer.Option(min=0, help="Budget, in the currency of the prices.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Budget of tokens, in and out together.")] = None,
    price_in: Annotated[float, typer.Option(min=0, help="Price of a million tokens that are sent.")] = 0.0,
    price_out: Annotated[float, typer.Option(min=0, help="Price of a million tokens that come back.")] = 0.0,
    max_output_tokens: Annotated[int, typer.Option(min=1, help="Longest answer.")] = 4_000,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Questions at a time.")] = 4,
    loose: Annotated[
        bool,
        typer.Option("--loose", help="For endpoints without JSON Schema: ask for any JSON; the shape is checked here."),
    ] = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Ask a language model about what is in the archive, and keep its answers there.

    card: one question a card, with what the rules found as context. commit: one question a commit, on the Hub and on
    GitHub: which of the study's change types it is; `analyze sync` keeps the answer beside that of the rules, and
    `peatmoss worklist commit` lists the commits of model families on which the rules are unsure. What was asked before
    (same text, same prompt, same model) is never asked again; a stopped run goes on. Answers of a wrong shape are kept
    with their status. The key is read from PEATMOSS_LLM_KEY and never written. Needs the extra:
    `pip install 'peatmoss[llm]'`.

    **Examples**

    `peatmoss fetch llm_answer --base-url http://localhost:11434/v1 --model qwen3:8b --limit 100`

    `peatmoss worklist commit | peatmoss fetch llm_answer --prompt commit --keys - --base-url URL --model NAME`
    """
    from peatmoss.fetch import QUESTIONS, llm

    if prompt not in QUESTIONS:
        raise PeatmossError(f"there is no prompt {prompt!r}: give {', '.join(QUESTIONS)}")
    asked, subjects = QUESTIONS[prompt]
    if max_cost is not None and not (price_in or price_out):
        raise PeatmossError("a budget of money needs --price-in and --price-out")
    names = None if keys is None else set(worklist(keys) or ())
    if names == set():
        raise PeatmossError("the worklist is empty")
    endpoint = llm.Endpoint(
        base_url,
        model,
        os.environ.get("PEATMOSS_LLM_KEY", ""),
        price_in,
        price_out,
        max_output_tokens,
        is_strict=not loose,
    )
    with bar(quiet, "answers") as progress:
        spent = llm.run(
            archive, asked, subjects(archive, names), endpoint, max_cost=max_cost,
            max_tokens=max_tokens, limit=limit, workers=jobs,
            progress=lambda done, _: progress(model, done, limit or (len(names) if names else 0)),
        )  # fmt: skip
    if not spent.asked and not spent.known and not spent.stopped:
        of = "" if names is None else f" of the {len(names):,} names on the list" if len(names) > 1 else " of that name"
        raise PeatmossError(f"nothing to ask: the archive has no {prompt}{of}")
    if json:
        emit(json_module.loads(json_module.dumps(vars(spent))))
    elif not quiet:
        statuses = ", ".join(f"{count:,} {status}" for status, count in sorted(spent.statuses.items())) or "none"
        say(f"{spent.asked:,} asked ({statuses}), {spent.known:,} known before; {spent.tokens_in:,} tokens sent, "
            f"{spent.tokens_out:,} received, cost {spent.cost:.4f}")  # fmt: skip
        if spent.stopped:
            say(f"stopped: {spent.stopped}")
