"""The official OpenAI client for Python against a running Melete.

Usage: openai_chat.py BASE_URL MODEL, e.g. openai_chat.py http://127.0.0.1:8080/v1 smollm2-135m
Needs the package `openai`. Ends with 0 when every check holds.
"""

import sys

import openai


def whole_answer(client, model):
    answer = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Say hello."}], max_tokens=16)
    assert answer.object == "chat.completion"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def streamed_answer(client, model):
    chunks = list(client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Say hello."}], max_tokens=16,
        stream=True, stream_options={"include_usage": True}))
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text
    assert chunks[-2].choices[0].finish_reason in ("stop", "length")
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0


def several_choices(client, model):
    answer = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Name a colour."}], max_tokens=8, n=3)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]


def thinking(client, model):
    answer = client.chat.completions.create(
        model=f"{model}:thinking", max_tokens=64,
        messages=[{"role": "user", "content": "What is 2 + 2?"}])
    assert answer.choices[0].message.content
    assert answer.usage.completion_tokens <= 64


def models(client, model):
    assert model in [entry.id for entry in client.models.list()]
    assert client.models.retrieve(model).id == model


def errors(client, model):
    try:
        client.chat.completions.create(model="no-such-model",
                                       messages=[{"role": "user", "content": "Hi"}])
        raise AssertionError("an unknown model was answered")
    except openai.NotFoundError as error:
        assert error.code == "model_not_found" and error.request_id
    try:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi"}],
                                       temperature=7)
        raise AssertionError("a temperature of 7 was accepted")
    except openai.BadRequestError as error:
        assert error.param == "temperature"


def main():
    base_url, model = sys.argv[1:3]
    client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
    for check in (whole_answer, streamed_answer, several_choices, thinking, models, errors):
        check(client, model)
        print(f"ok {check.__name__}", flush=True)


if __name__ == "__main__":
    main()
