// The official OpenAI client for Node, and its own accumulator of events, against the Responses of a running Melete.
//
// Usage: node openai_responses.mjs BASE_URL MODEL [tools], with the package `openai` beside it. With `tools` the model
// must be one that calls tools. Ends with 0 when every check holds.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { accumulateResponse } from "openai/lib/responses/ResponseAccumulator";

const [baseURL, model, more] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });

// The response that the events of a stream add up to, beside the one that its last event holds.
async function accumulated(body) {
  let snapshot;
  let last;
  for await (const event of await client.responses.create({ ...body, model, stream: true })) {
    snapshot = accumulateResponse(event, snapshot);
    last = event;
  }
  return { snapshot, last };
}

async function wholeAnswer() {
  const response = await client.responses.create({ model, input: "Say hello.", max_output_tokens: 24 });
  assert.ok(response.output_text);
}

async function eventsAddUp() {
  const bodies = [
    { input: "Say hello.", max_output_tokens: 24 },
    { input: "What is 2 + 2?", max_output_tokens: 64, reasoning: { effort: "low" } },
  ];
  if (more) {
    bodies.push({
      input: "What is 2 + 3? Use the tool.",
      max_output_tokens: 64,
      temperature: 0,
      tools: [{ type: "function", name: "add", parameters: { type: "object", properties: { a: { type: "integer" } } } }],
      tool_choice: "required",
    });
  }
  for (const body of bodies) {
    const { snapshot, last } = await accumulated(body);
    assert.match(last.type, /^response\.(completed|incomplete)$/);
    assert.deepEqual(snapshot.output, last.response.output);
  }
}

async function turns() {
  const first = await client.responses.create({ model, input: "My name is Ada.", max_output_tokens: 16 });
  const second = await client.responses.create({
    model, input: "What is my name?", max_output_tokens: 16, previous_response_id: first.id,
  });
  const again = await client.responses.retrieve(second.id);
  assert.deepEqual(again.output, second.output);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), (error) => error instanceof OpenAI.NotFoundError);
}

// A stream that is left and gone on with adds up to what it says at its end.
async function resumedStream() {
  let snapshot;
  let last;
  const body = { model, input: "Count to ten.", max_output_tokens: 48, background: true, stream: true };
  for await (const event of await client.responses.create(body)) {
    snapshot = accumulateResponse(event, snapshot);
    last = event;
    if (event.sequence_number === 6) break;
  }
  const rest = { stream: true, starting_after: last.sequence_number };
  for await (const event of await client.responses.retrieve(snapshot.id, rest)) {
    snapshot = accumulateResponse(event, snapshot);
    last = event;
  }
  assert.match(last.type, /^response\.(completed|incomplete)$/);
  assert.deepEqual(snapshot.output, last.response.output);
}

async function errors() {
  await assert.rejects(client.responses.create({ model: "no-such-model", input: "Hi" }),
    (error) => error instanceof OpenAI.NotFoundError);
  await assert.rejects(client.responses.create({ model, input: "Hi", store: false, background: true }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === "background");
}

for (const check of [wholeAnswer, eventsAddUp, turns, resumedStream, errors]) {
  await check();
  console.log(`ok ${check.name}`);
}
