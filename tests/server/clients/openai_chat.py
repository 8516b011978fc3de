"""The official OpenAI client for Python against a running Melete.

Usage: openai_chat.py BASE_URL MODEL [full], e.g. openai_chat.py http://127.0.0.1:8080/v1 smollm2-135m
With `full` the model must call tools and see; without, pictures must be refused. Needs the package `openai`. Ends with
0 when every check holds.
"""

import json
import sys

import openai

ADD = {"type": "function", "function": {
    "name": "add", "description": "Adds two numbers.",
    "parameters": {"type": "object", "required": ["a", "b"],
                   "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}}}
PIXEL = ("data:image/png;base64,"
         "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
PICTURE = [{"role": "user", "content": [{"type": "text", "text": "What is this?"},
                                        {"type": "image_url", "image_url": {"url": PIXEL}}]}]


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


def several_turns(client, model):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "My name is Alice."}]
    first = client.chat.completions.create(model=model, messages=messages, max_tokens=16)
    messages += [first.choices[0].message, {"role": "user", "content": "What is my name?"}]
    assert client.chat.completions.create(model=model, messages=messages, max_tokens=16).choices[0].message.content


def schema(client, model):
    form = {"type": "json_schema", "json_schema": {"name": "colour", "strict": True, "schema": {
        "type": "object", "required": ["name"], "additionalProperties": False,
        "properties": {"name": {"enum": ["red", "green", "blue"]}}}}}
    answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Name a colour."}],
                                            response_format=form, max_tokens=64)
    assert json.loads(answer.choices[0].message.content)["name"] in ("red", "green", "blue")


def log_probabilities(client, model):
    answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Say hello."}],
                                            max_tokens=4, logprobs=True)
    assert all(token.logprob <= 0 for token in answer.choices[0].logprobs.content)
    assert answer.choices[0].logprobs.content


def tools(client, model):
    messages = [{"role": "user", "content": "What is 2 + 3? Use the tool."}]
    answer = client.chat.completions.create(model=model, messages=messages, tools=[ADD], max_tokens=96, temperature=0,
                                            tool_choice={"type": "function", "function": {"name": "add"}})
    assert answer.choices[0].finish_reason == "tool_calls", answer
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "add" and set(json.loads(call.function.arguments)) == {"a", "b"}
    messages += [answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "5"}]
    assert client.chat.completions.create(model=model, messages=messages, tools=[ADD],
                                          max_tokens=16).choices[0].message.content


def picture(client, model):
    assert client.chat.completions.create(model=model, messages=PICTURE, max_tokens=16).choices[0].message.content


def no_picture(client, model):
    try:
        client.chat.completions.create(model=model, messages=PICTURE)
        raise AssertionError("a model without eyes was shown a picture")
    except openai.BadRequestError as error:
        assert error.param.startswith("messages[0].content[1]"), error


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
    base_url, model, *full = sys.argv[1:]
    client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
    able = (tools, picture) if full else (no_picture,)
    for check in (whole_answer, streamed_answer, several_choices, several_turns, thinking, schema, log_probabilities,
                  *able, models, errors):
        check(client, model)
        print(f"ok {check.__name__}", flush=True)


if __name__ == "__main__":
    main()
