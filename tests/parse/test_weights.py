import pytest

from peatmoss.parse.weights import is_pickle_only


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["pytorch_model.bin", "config.json", "README.md"], True),
        (["unet/diffusion_pytorch_model.bin", "text_encoder/model.safetensors"], False),
        (["checkpoint.PT"], True),
        (["model.gguf"], False),
        (["README.md", "config.json", "training_args.bin", "optimizer.pt", "tokenizer.model"], None),
        (["openvino_model.xml", "openvino_model.bin"], False),
        (["encoder.xml", "encoder.bin"], False),
        (["ggml-base.bin"], False),
        (["model.pkl", "tf_model.h5"], False),
        ([], None),
        ([".bin"], None),
    ],
)
def test_pickles_are_told_by_their_names(paths: list[str], expected: bool | None) -> None:
    assert is_pickle_only(paths) is expected
