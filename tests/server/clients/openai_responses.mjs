// The official OpenAI client for Node, and its own accumulator of events, against the Responses of a running Melete.
//
// Usage: node openai_responses.mjs BASE_URL MODEL [full], with the package `openai` beside it. With `full` the model
// must call tools and see; without, pictures must be refused. Ends with 0 when every check holds.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { accumulateResponse } from "openai/lib/responses/ResponseAccumulator";

const [baseURL, model, full] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
const picture = [{ role: "user", content: [
  { type: "input_text", text: "What is this?" },
  { type: "input_image", image_url: `data:image/png;base64,${pixel}`, detail: "auto" },
] }];
const add = {
  type: "function", name: "add", description: "Adds two numbers.", strict: true,
  parameters: {
    type: "object", required: ["a", "b"], additionalProperties: false,
    properties: { a: { type: "integer" }, b: { type: "integer" } },
  },
};
const colour = {
  type: "json_schema", name: "colour", strict: true,
  schema: {
    type: "object", required: ["name"], additionalProperties: false,
    properties: { name: { enum: ["red", "green", "blue"] } },
  },
};

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
  bodies.push({ input: "Name a colour.", max_output_tokens: 64, text: { format: colour } });
  bodies.push({ input: "Say hello.", max_output_tokens: 8, include: ["message.output_text.logprobs"] });
  if (full) {
    bodies.push({
      input: "What is 2 + 3? Use the tool.", max_output_tokens: 64, temperature: 0, tools: [add],
      tool_choice: "required", reasoning: { effort: "low" },
    });
    bodies.push({ input: picture, max_output_tokens: 24 });
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

async function severalTurns() {
  const input = [{ role: "user", content: "My name is Alice." }];
  const first = await client.responses.create({ model, input, instructions: "Be brief.", max_output_tokens: 16 });
  input.push(...first.output, { role: "user", content: "What is my name?" });
  assert.ok((await client.responses.create({ model, input, max_output_tokens: 16 })).output_text);
}

async function toolRoundTrip() {
  const input = [{ role: "user", content: "What is 2 + 3? Use the tool." }];
  const response = await client.responses.create({
    model, input, tools: [add], max_output_tokens: 96, tool_choice: { type: "function", name: "add" },
  });
  const call = response.output.at(-1);
  assert.deepEqual(Object.keys(JSON.parse(call.arguments)).sort(), ["a", "b"]);
  input.push(...response.output, { type: "function_call_output", call_id: call.call_id, output: "5" });
  assert.ok((await client.responses.create({ model, input, tools: [add], max_output_tokens: 24 })).output_text);
}

async function refusesPicture() {
  await assert.rejects(client.responses.create({ model, input: picture }),
    (error) => error instanceof OpenAI.BadRequestError && error.param.startsWith("input[0].content[1]"));
}

async function errors() {
  await assert.rejects(client.responses.create({ model: "no-such-model", input: "Hi" }),
    (error) => error instanceof OpenAI.NotFoundError);
  await assert.rejects(client.responses.create({ model, input: "Hi", store: false, background: true }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === "background");
}

const able = full ? [toolRoundTrip] : [refusesPicture, turns, resumedStream];
for (const check of [wholeAnswer, eventsAddUp, severalTurns, ...able, errors]) {
  await check();
  console.log(`ok ${check.name}`);
}
