"""Names and architectures: what models are called, and what their tensors say they are."""

from sqlalchemy import Index, Table

from peatmoss.schema.base import SEVERITIES, flag, integer, key, metadata, number, one_of, ref, text

CONVENTIONS = ("I", "AT", "IAT", "O")
KINDS = tuple(f"I{number}" for number in range(1, 18))

architecture_fingerprint = Table(
    "architecture_fingerprint", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("format", "Format of the weight files whose headers were read: safetensors or gguf.", null=False),
    text("f0", "Hash of the set of tensor names, layer numbers left out.", null=False),
    text("f1", "The same without the prefix of the base model: shared by bare models and those with a head.", null=False),
    text("f2", "Hash of f1's names with symbolic shapes: sizes that are equal have equal letters.", null=False),
    text("f3", "Hash of all tensor names with their sizes: equal in models of the same family and size.", null=False),
    integer("tensor_count", "Logical tensors: quantized parts put together, buffers left out.", null=False),
    integer("parameter_count", "Logical parameters: quantized values unpacked, tied tensors once, buffers left out.", null=False),
    text("dtypes", "Parameters by number format as stored, as JSON.", null=False),
    integer("layer_count", "Layers of the longest stack; NULL: none is numbered."),
    integer("hidden_size", "The size that most norms have; NULL: no norm is named."),
    integer("vocabulary_size", "Rows of the token embeddings; NULL: there are none."),
    integer("expert_count", "Experts of a layer; 0: none."),
    flag("is_adapter", "The tensors are those of an adapter, not of a model.", null=False),
    text("gguf_architecture", "Family as the header of a GGUF file itself says (general.architecture); NULL: no such file."),
    text("shapes", "First shape of each tensor name, as JSON.", null=False),
    Index(None, "f0"), Index(None, "f3"),
    comment="What the tensor headers of a snapshot say of its architecture. Equal fingerprints say nothing of the weights.",
)  # fmt: skip

architecture_prediction = Table(
    "architecture_prediction", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("declared_model_type", "Family that the configuration declares."),
    text("declared_architecture", "Model class that the configuration declares."),
    text("predicted_model_type", "Family of the nearest known class; NULL: none is near enough."),
    text("predicted_architecture", "The nearest known class; NULL: none is near enough."),
    text("predicted_task", "The task of that class."),
    text("certainty", "exact (all tensors are those of the class), near, or unknown.", null=False),
    number("distance", "Share of tensor names that only one of the two has; NULL: no name is known."),
    text("equals", "Known classes with the same tensors, as a JSON list: the fingerprint cannot tell them apart.", null=False),
    text("nearest", "The nearest known classes with their distances, as a JSON list.", null=False),
    text("verdict", "The declaration against the tensors: same, equivalent, contradicted or unknown.", null=False),
    text("evidence", "What was compared, in words.", null=False),
    text("reason", "Why the verdict is so, in words.", null=False),
    one_of("certainty", ("exact", "near", "unknown")),
    one_of("verdict", ("same", "equivalent", "contradicted", "unknown")),
    comment="What the tensors of a snapshot say it is, against what its configuration declares.",
)  # fmt: skip

model_name = Table(
    "model_name", metadata,
    ref("model_id", "model", "The model.", pk=True),
    text("convention", "Naming convention: I (implementation), AT (application or task), IAT (both), O (neither).", null=False),
    flag("is_cut", "The name is longer than 512 characters; only the beginning was read.", null=False),
    text("spans", "The pieces as a JSON list of [start, end, code, element].", null=False),
    text("codes", "Codes that occur, sorted and without repeats, for instance AST.", null=False),
    one_of("convention", CONVENTIONS),
    Index(None, "convention"),
    comment="A model's name taken apart. Codes: A architecture, S size, P parameters, V version, L language, D data set, T task, "
    "F adaptation, R training, C characteristic, N layers, H heads or hidden size, W format, M organisation, O other.",
)  # fmt: skip

name_finding = Table(
    "name_finding", metadata, key(),
    ref("model_id", "model", "The model."),
    text("kind", "I1 family and model type, I2 family and class, I3 task, I4 parameters, I5 size word, I6 layers and sizes in numbers, I7 format and "
         "quantization, I8 precision, I9 language, I10 base model, I11 adapter, I12 context length, I13 experts, I14 version, I15 data set, I16 type and class, I17 no content.", null=False),
    text("severity", "hard, soft or info; info also where a rule acquits.", null=False),
    text("claim", "What the name says.", null=False),
    text("evidence", "What was found instead, and where.", null=False),
    text("reason", "The finding in words.", null=False),
    text("rule", "The alias or equivalence that lowered the severity; NULL: none."),
    text("correction", "What an objection that was accepted says; the finding then counts as info. NULL: none."),
    one_of("kind", KINDS), one_of("severity", SEVERITIES),
    Index(None, "kind", "severity"),
    comment="Where a model's name and its content do not say the same, with evidence. The query dispute_a_finding tells how to object.",
)  # fmt: skip

lineage_finding = Table(
    "lineage_finding", metadata, key(),
    ref("model_id", "model", "The derived model."),
    ref("base_model_id", "model", "The base model.", null=True),
    text("base_model_name", "The base model as it was named.", null=False),
    text("relation", "How it is said to be derived.", null=False),
    text("verdict", "contradicted, compatible or unknown.", null=False),
    text("reason", "The verdict in words, with the facts.", null=False),
    one_of("verdict", ("contradicted", "compatible", "unknown")),
    Index(None, "verdict"),
    comment="Declared derivations against dates, families, sizes and fingerprints of the two models.",
)  # fmt: skip

look_alike = Table(
    "look_alike", metadata, key(),
    text("subject", "What is compared: owner or model.", null=False),
    text("name", "The name in question.", null=False),
    text("looks_like", "The far more used name that it looks like; for a re-registered owner the name itself.", null=False),
    text("how", "same_letters (differs in case, separators, similar letters), one_letter, or re_registered.", null=False),
    text("reason", "The finding in words. It says that two names look alike, and nothing about intent.", null=False),
    one_of("subject", ("owner", "model")),
    one_of("how", ("same_letters", "one_letter", "re_registered")),
    comment="Names that a reader may take for one another, and owners whose name may have changed hands (kind I18).",
)  # fmt: skip
