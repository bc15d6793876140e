"""Names taken apart: spans, conventions, hostile input; quality on the development labels where they are at hand."""

from __future__ import annotations

import csv
import gzip
import os
import re
import zlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peatmoss.parse.name import MAX_NAME, convention, parse
from peatmoss.parse.name.claims import claims
from peatmoss.parse.name.lexicon import families, words

DATA = Path(os.environ.get("PEATMOSS_REAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data")) / "names"
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data in {DATA} (PEATMOSS_REAL_DATA)")


def pieces(name: str) -> str:
    """text=CODE of each span."""
    return " ".join(f"{span.text}={span.code}" for span in parse(name).spans)


@pytest.mark.parametrize(
    ("name", "spans"),
    [
        ("bert-base-uncased", "bert=A base=S uncased=C"),
        ("google/flan-t5-xxl", "flan-t5=A xxl=S"),
        ("FacebookAI/xlm-roberta-large", "xlm-roberta=A large=S"),
        ("TheBloke/Llama-2-7B-Chat-GGUF", "Llama=A 2=V 7B=P Chat=T GGUF=W"),
        ("Qwen2.5-14B-Instruct-AWQ", "Qwen=A 2.5=V 14B=P Instruct=T AWQ=O"),
        ("mistralai/Mixtral-8x7B-v0.1", "Mixtral=A 8x7B=P v0.1=V"),
        ("Qwen3-30B-A3B-FP8", "Qwen3=A 30B=P A3B=P FP8=C"),
        ("uer/chinese_roberta_L-12_H-768", "chinese=L roberta=A L=N 12=N H=H 768=H"),
        ("opus-mt-en-de", "opus-mt=A en=L de=L"),
        ("wav2vec2-large-xlsr-53-Czech", "wav2vec2=A large=S xlsr=A 53=V Czech=L"),
        ("clip-vit-base-patch32", "clip=A vit=A base=S patch32=C"),
        ("resnet-50", "resnet=A 50=S"),
        ("bart-large-cnn", "bart=A large=S cnn=D"),
        (
            "distilbert-base-uncased-finetuned-sst-2-english",
            "distilbert=A base=S uncased=C finetuned=F sst-2=D english=L",
        ),
        ("gemma-7b-it", "gemma=A 7b=P it=T"),
        ("Mistral-7B-slerp-merge", "Mistral=M 7B=P slerp=O merge=O"),
        ("Llama-3.2-3B-q4f16_1-MLC", "Llama=A 3.2=V 3B=P q4f16_1=C MLC=W"),
        ("FLUX.1-dev", "FLUX=A 1=A dev=O"),
        ("bert-base-zorbly-news-classification", "bert=A base=S zorbly=O news=D classification=T"),
        ("bert-base-zorbly-detection", "bert=A base=S zorbly=T detection=T"),
        ("flan_t5-wiqa_which_zorbly_first", "flan_t5=A wiqa=D which=T zorbly=T first=T"),
        ("whisper-zorbly-17", "whisper=A zorbly=O 17=O"),
        ("zorblyxl", "zorblyxl=O"),
        ("BertForTokenClassification", "Bert=A ForTokenClassification=T"),
        # what a phrase says behind its family
        ("Qwen2.5-VL-7B", "Qwen2.5=A VL=T 7B=P"),
        ("polyglot-ko-5.8b", "polyglot-ko=A 5.8b=P"),
        # a data set as the name of a line, and as what a model was tuned on
        ("RedPajama-7B-Zorb", "RedPajama=A 7B=P Zorb=O"),
        ("gsm8k-lora-llama-7b", "gsm8k=D lora=F llama=A 7b=P"),
        # one or two unknown words name a line, three are a title
        ("zorbly-13b", "zorbly=A 13b=P"),
        ("zorbly-frumious-13b", "zorbly=A frumious=A 13b=P"),
        ("zorbly_frumious_bander-13b", "zorbly=O frumious=O bander=O 13b=P"),
        # codes of languages: where models are made for each language, beside another code, before a family
        ("opus-mt-fi-crs", "opus-mt=A fi=L crs=L"),
        ("whisper-small-sn", "whisper=A small=S sn=L"),
        ("zorbly-cnn-bs", "zorbly=O cnn=D bs=O"),
        ("mms-tts-quy", "mms=A tts=T quy=L"),
        ("nb-bert-base", "nb=L bert=A base=S"),
        ("en_core_web_lg", "en=L core=O web=O lg=S"),
        # families inside a token, and counts glued to them
        ("ArcheoBERTje", "ArcheoBERTje=A"),
        ("qwen7b-zorb", "qwen=A 7b=P zorb=O"),
        ("vovnet39b", "vovnet39b=A"),
        ("subnet9", "subnet9=O"),
        # numbers of training, not of versions
        ("bert-lr1e-05-3epochs-r16", "bert=A lr1e-05=C 3epochs=C r16=C"),
        ("bert-786f55f9-c6af-4dcd-8619-c97e5dd2eafd", "bert=A 786f55f9-c6af-4dcd-8619-c97e5dd2eafd=O"),
        ("esm2_t33_650M_UR50D", "esm2=A t33=N 650M=P UR50D=D"),
        ("bert-L12-H768-A12", "bert=A L12=N H768=H A12=H"),
        ("repvgg_a2", "repvgg=A a2=O"),
        # what goes in and what comes out, tasks of SUPERB, small words between two of a kind
        ("text2tags", "text2tags=T"),
        ("text_to_vision", "text=T to=T vision=T"),
        ("wav2vec2-base-superb-ks", "wav2vec2=A base=S superb=D ks=T"),
        ("larger_clap_music_and_speech", "larger=O clap=A music=T and=T speech=T"),
    ],
)
def test_a_name_is_taken_apart(name: str, spans: str) -> None:
    assert pieces(name) == spans


def test_spans_are_in_order_and_hold_the_text_they_point_to() -> None:
    found = parse("neuralmagic/Meta-Llama-3.1-8B-Instruct-quantized.w8a8-Q4_K_M")
    assert [span.text for span in found.spans] == [found.name[span.start : span.end] for span in found.spans]
    assert all(one.end <= other.start for one, other in zip(found.spans, found.spans[1:], strict=False))
    assert found.spans[-1].text == "Q4_K_M"


def test_the_owner_belongs_to_no_span() -> None:
    assert parse("bert/x-llama").spans[0].text == "x"


def test_modern_pieces_have_elements_of_their_own() -> None:
    found = {
        span.element: span.text for span in parse("x/Llama-3-8x7B-A3B-slerp-abliterated-GPTQ-bf16-32k-moe-H768").spans
    }
    wanted = (
        "active_parameters alignment architecture context_length hidden_size merge moe precision quantization version"
    )
    assert sorted(found) == wanted.split()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("bert-base-uncased", "I"),
        ("whisper-large-v2", "I"),
        ("Mistral-7B", "I"),
        ("Llama-2-7b-chat-hf", "IAT"),
        ("bert-base-semantic-similarity", "IAT"),
        ("fake-news-detector", "AT"),
        ("text_summarization", "AT"),
        ("ObjectDetection", "AT"),
        ("indian-foods", "O"),
        ("14B", "O"),
        ("", "O"),
    ],
)
def test_the_convention_follows_from_the_pieces(name: str, wanted: str) -> None:
    assert convention(name) == wanted == parse(name).convention


def test_a_name_beyond_the_limit_is_cut_and_that_is_recorded() -> None:
    found = parse("bert-" * 2000)
    assert (len(found.name), found.cut) == (MAX_NAME, True)
    assert parse("b" * MAX_NAME).cut is False


@pytest.mark.parametrize(
    "name",
    [
        "\x00\x1b[31m", "\ud800-x", "²³-x", "٣b-٧٧", "İstanbul-v٢", "1." * 6000, "-" * 10_000, "9" * 9999 + "b",
        "a/b/c/" * 999, "\u202egguf",
    ],
)  # fmt: skip
def test_hostile_names_do_no_harm(name: str) -> None:
    found = parse(name)
    assert all(span.text == name[span.start : span.end] for span in found.spans)
    claims(found)


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from([*words(), "7b", "v2", "/", "-", "_", ".", "2024", "é"])).map("".join)
)
def test_any_text_can_be_parsed_and_its_claims_read(name: str) -> None:
    found = parse(name)
    assert [span.text for span in found.spans] == [name[span.start : span.end] for span in found.spans]
    assert found == parse(name)
    claims(found)


def test_every_family_type_and_code_of_the_lexicon_is_well_formed() -> None:
    assert {word.code for word in words().values()} <= set("ASPVLDTFRCNHWMO")
    kinds = {family.kind for family in families().values()}
    assert kinds == {"architecture", "release", "umbrella", "ambiguous", "line", "method"}
    assert all(re.fullmatch(r"[^\s/A-Z_]+", word) for word in words())
    assert all(family.model_types for family in families().values() if family.kind not in ("line", "method"))


def held_out(model_id: str) -> bool:
    """A quarter of the owners was not looked at while the rules were written."""
    return zlib.crc32(model_id.split("/")[0].lower().encode()) % 4 == 0


@real
def test_conventions_agree_with_people_as_often_as_the_best_language_model() -> None:
    with (DATA / "convention_dev_224.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["name"], row["label"]) for row in csv.DictReader(file)]
    assert sum(convention(name) == label for name, label in rows) / len(rows) >= 0.86


@real
def test_sizes_and_formats_of_unseen_owners_are_found() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    with gzip.open(DATA / "element_spans_o4mini_9510_half.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not held_out(row["repo_id"]):
                continue
            found = parse(row["repo_id"])
            at = found.name.find("/") + 1
            for part in row["spans"].split("|"):
                text, _, code = part.rpartition("=")
                at = max(found.name.find(text, at), at)
                mine = next((s.code for s in found.spans if s.start <= at < s.end), "O")
                counts["P" if code == "S" else code, "P" if mine == "S" else mine] += 1

    def f1(code: str) -> float:
        missed = sum(n for (gold, mine), n in counts.items() if gold == code != mine)
        wrong = sum(n for (gold, mine), n in counts.items() if mine == code != gold)
        return 2 * counts[code, code] / (2 * counts[code, code] + missed + wrong)

    assert f1("P") >= 0.95
    assert f1("W") >= 0.85
