"""The official OpenAI client for Python against the Responses of a running Melete.

Usage: openai_responses.py BASE_URL MODEL [full], e.g. openai_responses.py http://127.0.0.1:8080/v1 smollm2-135m
With `full` the model must call tools and see; without, pictures must be refused. Needs the packages `openai` and
`websockets`. Ends with 0 when every check holds.
"""

import json
import sys
import time

import openai
from openai.lib.responses_websocket import ResponsesWebSocketLimits, ResponsesWebSocketSession

ADD = {"type": "function", "name": "add", "description": "Adds two numbers.", "strict": True,
       "parameters": {"type": "object", "required": ["a", "b"], "additionalProperties": False,
                      "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}}

PIXEL = ("data:image/png;base64,"
         "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
PICTURE = [{"role": "user", "content": [{"type": "input_text", "text": "What is this?"},
                                        {"type": "input_image", "image_url": PIXEL, "detail": "auto"}]}]


def whole_answer(client, model):
    response = client.responses.create(model=model, input="Say hello.", max_output_tokens=24, temperature=0)
    assert response.object == "response" and response.status in ("completed", "incomplete")
    assert response.output_text
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens


def streamed_answer(client, model):
    events = list(client.responses.create(model=model, input="Say hello.", max_output_tokens=24, temperature=0,
                                          stream=True))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert events[-1].type in ("response.completed", "response.incomplete")
    assert text and events[-1].response.output_text == text
    assert [event.sequence_number for event in events] == list(range(len(events)))


def thinking(client, model):
    response = client.responses.create(model=model, input="What is 2 + 2?", max_output_tokens=96, temperature=0,
                                       reasoning={"effort": "low"})
    assert [item.type for item in response.output] == ["reasoning", "message"], response.output
    assert response.output[0].content[0].text
    assert response.usage.output_tokens_details.reasoning_tokens > 0
    again = client.responses.create(
        model=model, max_output_tokens=24,
        input=[{"role": "user", "content": "What is 2 + 2?"}] + [item.model_dump() for item in response.output] +
        [{"role": "user", "content": "Once more."}])
    assert again.output_text


def tools(client, model):
    question = [{"role": "user", "content": "What is 2 + 3? Use the tool."}]
    response = client.responses.create(model=model, input=question, tools=[ADD], max_output_tokens=96,
                                       tool_choice={"type": "function", "name": "add"}, temperature=0)
    call = response.output[-1]
    assert call.type == "function_call" and set(json.loads(call.arguments)) == {"a", "b"}, response.output
    answer = client.responses.create(
        model=model, tools=[ADD], max_output_tokens=24,
        input=question + [item.model_dump() for item in response.output] +
        [{"type": "function_call_output", "call_id": call.call_id, "output": "5"}])
    assert answer.output


def schema(client, model):
    form = {"type": "json_schema", "name": "colour", "strict": True,
            "schema": {"type": "object", "required": ["name"], "additionalProperties": False,
                       "properties": {"name": {"enum": ["red", "green", "blue"]}}}}
    response = client.responses.create(model=model, input="Name a colour.", text={"format": form},
                                       max_output_tokens=64, temperature=0)
    assert json.loads(response.output_text)["name"] in ("red", "green", "blue")


def turns(client, model):
    first = client.responses.create(model=model, input="My name is Ada.", max_output_tokens=16)
    assert first.store and client.responses.retrieve(first.id).output_text == first.output_text
    second = client.responses.create(model=model, input="What is my name?", max_output_tokens=16,
                                     previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert second.usage.input_tokens > first.usage.input_tokens
    items = list(client.responses.input_items.list(second.id, order="asc"))
    assert [item.type for item in items] == ["message"] and items[0].content[0].text == "What is my name?"
    client.responses.delete(first.id)
    try:
        client.responses.retrieve(first.id)
        raise AssertionError("a deleted response was given")
    except openai.NotFoundError:
        pass


def unstored_turns(client, model):
    first = client.responses.create(model=model, input="What is 2 + 2?", max_output_tokens=96, store=False,
                                    temperature=0, reasoning={"effort": "low"},
                                    include=["reasoning.encrypted_content"])
    assert first.output[0].type == "reasoning" and first.output[0].encrypted_content
    again = client.responses.create(
        model=model, max_output_tokens=16, store=False,
        input=[{"role": "user", "content": "What is 2 + 2?"}] + [item.model_dump() for item in first.output] +
        [{"role": "user", "content": "Once more."}])
    assert again.output_text and not again.store


def conversation(client, model):
    talk = client.conversations.create(items=[{"type": "message", "role": "user", "content": "My name is Ada."}])
    response = client.responses.create(model=model, input="What is my name?", max_output_tokens=16,
                                       conversation=talk.id)
    assert response.conversation.id == talk.id
    items = list(client.conversations.items.list(talk.id, order="asc"))
    assert [item.role for item in items] == ["user", "user", "assistant"]
    client.conversations.delete(talk.id)


def background(client, model):
    response = client.responses.create(model=model, input="Count to ten.", max_output_tokens=48, background=True)
    assert response.status in ("queued", "in_progress")
    while response.status in ("queued", "in_progress"):
        time.sleep(0.1)
        response = client.responses.retrieve(response.id)
    assert response.status in ("completed", "incomplete") and response.output_text
    long = client.responses.create(model=model, input="Count to a thousand.", background=True)
    assert client.responses.cancel(long.id).status == "cancelled"


def resumed_stream(client, model):
    seen = []
    for event in client.responses.create(model=model, input="Count to ten.", max_output_tokens=48, background=True,
                                         stream=True):
        seen.append(event)
        if event.sequence_number == 6:
            break
    response_id = seen[0].response.id
    seen += client.responses.retrieve(response_id, stream=True, starting_after=seen[-1].sequence_number)
    assert [event.sequence_number for event in seen] == list(range(len(seen)))
    text = "".join(event.delta for event in seen if event.type == "response.output_text.delta")
    assert text == seen[-1].response.output_text


def compaction(client, model):
    compacted = client.responses.compact(model=model, input=[
        {"role": "user", "content": "My name is Ada."}, {"role": "assistant", "content": "Hello Ada."}])
    assert compacted.output[-1].type == "compaction"
    response = client.responses.create(
        model=model, max_output_tokens=16,
        input=[item.model_dump(exclude_none=True) for item in compacted.output] +
        [{"role": "user", "content": "What is my name?"}])
    assert response.output_text


def several_turns(client, model):
    turns = [{"role": "user", "content": "My name is Alice."}]
    first = client.responses.create(model=model, input=turns, instructions="Be brief.", max_output_tokens=16)
    turns += [item.model_dump() for item in first.output] + [{"role": "user", "content": "What is my name?"}]
    assert client.responses.create(model=model, input=turns, max_output_tokens=16).output_text


def socket(client, model):
    """Turns on one WebSocket; an answer that is not stored is followed there, and nowhere else."""
    def turn(connection, **fields):
        connection.response.create(model=model, max_output_tokens=16, store=False, **fields)
        events = []
        while not events or events[-1].type not in ("response.completed", "response.incomplete", "error"):
            events.append(connection.recv())
        return events

    with client.responses.connect() as connection:
        first = turn(connection, input="My name is Alice.")
        assert [event.sequence_number for event in first] == list(range(len(first)))
        text = "".join(event.delta for event in first if event.type == "response.output_text.delta")
        assert text and first[-1].response.output_text == text
        second = turn(connection, input="What is my name?", previous_response_id=first[-1].response.id)
        assert second[-1].response.previous_response_id == first[-1].response.id
        assert turn(connection, input="Hi", temperature=9)[-1].error.param == "temperature"
    with client.responses.connect() as connection:
        missed = turn(connection, input="Go on.", previous_response_id=second[-1].response.id)
        assert missed[-1].status == 404 and missed[-1].error.code == "previous_response_not_found", missed


def socket_session(client, model):
    """The client's own session over a WebSocket, which makes a prompt ready before it is answered."""
    limits = ResponsesWebSocketLimits(max_lanes=1, max_events_per_lane=4096, max_events=4096,
                                      max_bytes_per_lane=1 << 24, max_bytes=1 << 24)
    with client.responses.connect() as connection, ResponsesWebSocketSession(connection, limits=limits) as session:
        lane = session.default
        lane.send({"type": "response.create", "model": model, "input": "My name is Alice.", "generate": False})
        ready = lane.get_final_response()
        assert ready.status == "completed" and not ready.output
        lane.send({"type": "response.create", "model": model, "input": "What is my name?", "max_output_tokens": 16,
                   "previous_response_id": ready.id})
        assert lane.get_final_response().output_text


def picture(client, model):
    assert client.responses.create(model=model, input=PICTURE, max_output_tokens=16).output_text


def no_picture(client, model):
    try:
        client.responses.create(model=model, input=PICTURE)
        raise AssertionError("a model without eyes was shown a picture")
    except openai.BadRequestError as error:
        assert error.param.startswith("input[0].content[1]"), error


def errors(client, model):
    try:
        client.responses.create(model="no-such-model", input="Hi")
        raise AssertionError("an unknown model was answered")
    except openai.NotFoundError as error:
        assert error.code == "model_not_found"
    try:
        client.responses.create(model=model, input="Hi", previous_response_id="resp_1")
        raise AssertionError("a response that is not stored was continued")
    except openai.NotFoundError as error:
        assert error.param == "previous_response_id" and error.code == "previous_response_not_found"


def main():
    base_url, model, *full = sys.argv[1:]
    client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
    able = (tools, picture) if full else (no_picture, turns, unstored_turns, conversation, background, resumed_stream,
                                          compaction)
    for check in (whole_answer, streamed_answer, several_turns, socket, socket_session, thinking, schema, *able,
                  errors):
        check(client, model)
        print(f"ok {check.__name__}", flush=True)


if __name__ == "__main__":
    main()
