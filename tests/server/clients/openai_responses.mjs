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

async function errors() {
  await assert.rejects(client.responses.create({ model: "no-such-model", input: "Hi" }),
    (error) => error instanceof OpenAI.NotFoundError);
  await assert.rejects(client.responses.create({ model, input: "Hi", store: true }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === "store");
}

for (const check of [wholeAnswer, eventsAddUp, errors]) {
  await check();
  console.log(`ok ${check.name}`);
}
