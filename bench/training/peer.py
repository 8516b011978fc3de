#!/usr/bin/env python3
"""The model that `melete-train pretrain` trains at size M, in plain PyTorch: what a step of it costs there.

The same shapes, the same optimisers and bfloat16 by autocast, written as PyTorch's own documents would: its
normalisation, its attention with a causal mask, its Muon and its fused AdamW. Tokens are random, for only time is
measured. Melete's rows hold several sequences that do not see each other; here each row is one, which costs less.
Prints one line of JSON.
"""

import argparse
import json
import os
import time

import torch
from torch import nn
from torch.nn import functional

VOCABULARY, WIDTH, LAYERS, HEADS, KEY_HEADS, HEAD_WIDTH, INNER = 512, 256, 6, 4, 2, 64, 768
WARM_UP = 3  # steps that are not timed


def rotate(x, cosines, sines):
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), dim=-1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm = nn.RMSNorm(WIDTH, eps=1e-6)
        self.query = nn.Linear(WIDTH, HEADS * HEAD_WIDTH, bias=False)
        self.key = nn.Linear(WIDTH, KEY_HEADS * HEAD_WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, KEY_HEADS * HEAD_WIDTH, bias=False)
        self.query_norm = nn.RMSNorm(HEAD_WIDTH, eps=1e-6)
        self.key_norm = nn.RMSNorm(HEAD_WIDTH, eps=1e-6)
        self.output = nn.Linear(HEADS * HEAD_WIDTH, WIDTH, bias=False)
        self.feed_forward_norm = nn.RMSNorm(WIDTH, eps=1e-6)
        self.gate = nn.Linear(WIDTH, INNER, bias=False)
        self.up = nn.Linear(WIDTH, INNER, bias=False)
        self.down = nn.Linear(INNER, WIDTH, bias=False)

    def attend(self, x, cosines, sines):
        def heads(y):
            return y.view(x.size(0), x.size(1), -1, HEAD_WIDTH).transpose(1, 2)

        queries = rotate(self.query_norm(heads(self.query(x))), cosines, sines)
        keys = rotate(self.key_norm(heads(self.key(x))), cosines, sines)
        values = heads(self.value(x))
        y = functional.scaled_dot_product_attention(queries.to(values.dtype), keys.to(values.dtype), values,
                                                    is_causal=True, enable_gqa=True)
        return self.output(y.transpose(1, 2).flatten(2))

    def forward(self, x, cosines, sines):
        x = x + self.attend(self.attention_norm(x), cosines, sines)
        y = self.feed_forward_norm(x)
        return x + self.down(functional.silu(self.gate(y)) * self.up(y))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, eps=1e-6)
        self.head = nn.Linear(WIDTH, VOCABULARY, bias=False)

    def forward(self, tokens, taught, targets):
        positions = torch.arange(tokens.size(1), dtype=torch.float)
        rates = 10000.0 ** (-torch.arange(0, HEAD_WIDTH, 2, dtype=torch.float) / HEAD_WIDTH)
        angles = torch.outer(positions, rates)
        x = self.embedding(tokens).bfloat16()
        cosines, sines = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        for block in self.blocks:
            x = block(x, cosines, sines)
        read = self.norm(x).flatten(0, 1).index_select(0, taught)
        return functional.cross_entropy(self.head(read).float(), targets)


def optimisers_of(model):
    matrices = [p for block in model.blocks for p in block.parameters() if p.dim() == 2]
    chosen = {id(p) for p in matrices}
    rest = [p for p in model.parameters() if id(p) not in chosen]
    return [torch.optim.Muon(matrices, lr=0.02, momentum=0.95, weight_decay=0.01),
            torch.optim.AdamW(rest, lr=0.01, betas=(0.9, 0.95), weight_decay=0, fused=True)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--taught", type=int, default=2048, help="places in a step after which a token is learnt")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--compile", action="store_true", help="by torch.compile")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    model = Model()
    optimisers = optimisers_of(model)
    run = torch.compile(model) if options.compile else model

    def step():
        tokens = torch.randint(VOCABULARY, (options.rows, options.length))
        taught = torch.randperm(tokens.numel())[:options.taught].sort().values
        targets = torch.randint(VOCABULARY, (options.taught,))
        for optimiser in optimisers:
            optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16):
            loss = run(tokens, taught, targets)
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
        return loss.item()

    for _ in range(WARM_UP):
        step()
    start = time.perf_counter()
    for _ in range(options.steps):
        loss = step()
    seconds = (time.perf_counter() - start) / options.steps
    print(json.dumps({"seconds_per_step": seconds, "loss": loss, "torch": torch.__version__,
                      "parameters": sum(p.numel() for p in model.parameters())}))


if __name__ == "__main__":
    main()
