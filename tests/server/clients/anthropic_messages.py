"""The official Anthropic client for Python against a running Melete.

Usage: anthropic_messages.py BASE_URL MODEL [full], e.g. anthropic_messages.py http://127.0.0.1:8080 smollm2-135m
With `full` the model must call tools and see; without, pictures must be refused. Needs the package `anthropic`. Ends
with 0 when every check holds.
"""

import json
import sys

import anthropic

HELLO = [{"role": "user", "content": "Say hello."}]
ADD = {"name": "add", "description": "Adds two numbers.",
       "input_schema": {"type": "object", "required": ["a", "b"],
                        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}}

PIXEL = {"type": "base64", "media_type": "image/png",
         "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"}
PICTURE = [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image", "source": PIXEL}]}]
COLOUR = {"type": "object", "required": ["name"], "additionalProperties": False,
          "properties": {"name": {"enum": ["red", "green", "blue"]}}}


def whole_answer(client, model):
    message = client.messages.create(model=model, max_tokens=16, messages=HELLO)
    assert message.type == "message" and message.role == "assistant"
    assert message.content[0].type == "text" and message.content[0].text
    assert message.stop_reason in ("end_turn", "max_tokens")
    assert message.usage.output_tokens > 0 and message.usage.input_tokens >= 0


def streamed_answer(client, model):
    with client.messages.stream(model=model, max_tokens=16, messages=HELLO) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert text and message.content[0].text == text
    assert message.usage.output_tokens > 0


def thinking(client, model):
    with client.messages.stream(model=model, max_tokens=96, messages=HELLO,
                                thinking={"type": "enabled", "budget_tokens": 48},
                                extra_body={"temperature": 0}) as stream:
        message = stream.get_final_message()
    assert [block.type for block in message.content] == ["thinking", "text"], message.content
    assert message.content[0].thinking and message.content[0].signature
    again = HELLO + [{"role": "assistant", "content": message.content},
                     {"role": "user", "content": "Once more."}]
    assert client.messages.create(model=model, max_tokens=16, messages=again).content


def tools(client, model):
    question = [{"role": "user", "content": "What is 2 + 3? Use the tool."}]
    message = client.messages.create(model=model, max_tokens=96, messages=question, tools=[ADD],
                                     tool_choice={"type": "tool", "name": "add"}, extra_body={"temperature": 0})
    assert message.stop_reason == "tool_use", message
    call = message.content[-1]
    assert call.type == "tool_use" and call.name == "add" and set(call.input) == {"a", "b"}
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "5"}
    answer = client.messages.create(
        model=model, max_tokens=16, tools=[ADD],
        messages=question + [{"role": "assistant", "content": message.content},
                             {"role": "user", "content": [result]}])
    assert answer.content


def stop_sequence(client, model):
    message = client.messages.create(model=model, max_tokens=64, stop_sequences=["c"], extra_body={"temperature": 0},
                                     messages=[{"role": "user", "content": "Write: a b c d"}])
    assert "c" not in "".join(block.text for block in message.content)
    if message.stop_reason == "stop_sequence":
        assert message.stop_sequence == "c"


def schema(client, model):
    message = client.messages.create(model=model, max_tokens=64, messages=HELLO,
                                     output_config={"format": {"type": "json_schema", "schema": COLOUR}})
    assert json.loads(message.content[0].text)["name"] in ("red", "green", "blue")


def several_turns(client, model):
    turns = [{"role": "user", "content": "My name is Alice."}]
    first = client.messages.create(model=model, max_tokens=16, system="Be brief.", messages=turns)
    turns += [{"role": "assistant", "content": first.content}, {"role": "user", "content": "What is my name?"}]
    assert client.messages.create(model=model, max_tokens=16, messages=turns).content


def picture(client, model):
    assert client.messages.create(model=model, max_tokens=16, messages=PICTURE).content[0].text


def no_picture(client, model):
    try:
        client.messages.create(model=model, max_tokens=16, messages=PICTURE)
        raise AssertionError("a model without eyes was shown a picture")
    except anthropic.BadRequestError as error:
        assert error.body["error"]["param"].startswith("messages[0].content[1]"), error


def count(client, model):
    assert client.messages.count_tokens(model=model, messages=HELLO).input_tokens > 0


def errors(client, model):
    try:
        client.messages.create(model="no-such-model", max_tokens=8, messages=HELLO)
        raise AssertionError("an unknown model was answered")
    except anthropic.NotFoundError as error:
        assert error.body["error"]["type"] == "not_found_error"
    try:
        client.messages.create(model=model, max_tokens=8, messages=HELLO, extra_body={"temperature": 7})
        raise AssertionError("a temperature of 7 was accepted")
    except anthropic.BadRequestError as error:
        assert error.body["error"]["param"] == "temperature"


def main():
    base_url, model, *full = sys.argv[1:]
    client = anthropic.Anthropic(base_url=base_url, api_key="none", max_retries=0)
    able = (tools, picture) if full else (no_picture,)
    for check in (whole_answer, streamed_answer, several_turns, thinking, stop_sequence, schema, count, *able, errors):
        check(client, model)
        print(f"ok {check.__name__}", flush=True)


if __name__ == "__main__":
    main()
