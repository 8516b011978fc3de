#!/usr/bin/env python3
"""A step of LoRA on a model of smollm2-135m's shape by Hugging Face's transformers and PEFT: what it costs there.

The same shapes, ranks and maps as `melete-train tune` has by itself, weights in bfloat16, AdamW on the adapter alone, as
PEFT's own documents have it. Weights and tokens are random, for only time and memory are measured. Every token is
taught. Prints one line of JSON.
"""

import argparse
import json
import os
import resource
import time

import peft
import torch
import transformers

WARM_UP = 2  # steps that are not timed


def make_model():
    config = transformers.LlamaConfig(vocab_size=49152, hidden_size=576, intermediate_size=1536,
                                      num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3,
                                      max_position_embeddings=8192, rope_theta=100000.0,
                                      tie_word_embeddings=True, use_cache=False)
    model = transformers.LlamaForCausalLM(config).to(torch.bfloat16)
    lora = peft.LoraConfig(r=16, lora_alpha=32, task_type="CAUSAL_LM",
                           target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
    return peft.get_peft_model(model, lora)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--length", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    model = make_model()
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=2e-4)

    def step():
        tokens = torch.randint(49152, (options.rows, options.length))
        optimiser.zero_grad(set_to_none=True)
        loss = model(input_ids=tokens, labels=tokens).loss
        loss.backward()
        optimiser.step()
        return loss.item()

    for _ in range(WARM_UP):
        step()
    start = time.perf_counter()
    for _ in range(options.steps):
        loss = step()
    seconds = (time.perf_counter() - start) / options.steps
    print(json.dumps({"seconds_per_step": seconds, "tokens": options.rows * options.length, "loss": loss,
                      "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                      "learning": sum(parameter.numel() for parameter in learning),
                      "versions": f"PEFT {peft.__version__}, transformers {transformers.__version__}, "
                                  f"PyTorch {torch.__version__}"}))


if __name__ == "__main__":
    main()
