"""Writes small LoRA adapters as GGUF files."""

import struct

ALIGNMENT = 32
TEXT, F32 = 8, 6  # of metadata
TENSOR_F32 = 0


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def write_lora(path, architecture, matrices, rank=4):
    """An adapter that adds nothing: `matrices` maps names of the model's to (columns, rows)."""
    metadata = [text(key) + struct.pack("<I", TEXT) + text(value)
                for key, value in (("general.architecture", architecture), ("general.type", "adapter"),
                                   ("adapter.type", "lora"))]
    metadata.append(text("adapter.lora.alpha") + struct.pack("<If", F32, rank))
    tensors, weights = [], b""
    for name, (columns, rows) in matrices.items():
        for half, shape in (("lora_a", (columns, rank)), ("lora_b", (rank, rows))):
            tensors.append(text(f"{name}.{half}") + struct.pack("<IQQIQ", 2, *shape, TENSOR_F32, len(weights)))
            weights += bytes(shape[0] * shape[1] * 4)
            weights += bytes(-len(weights) % ALIGNMENT)
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)) + b"".join(metadata + tensors)
    path.write_bytes(header + bytes(-len(header) % ALIGNMENT) + weights)
