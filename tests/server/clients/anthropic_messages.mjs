// The official Anthropic client for Node against a running Melete.
//
// Usage: node anthropic_messages.mjs BASE_URL MODEL [full], with @anthropic-ai/sdk beside it. With `full` the model
// must call tools and see; without, pictures must be refused. Ends with 0 when every check holds.
import assert from "node:assert/strict";

import Anthropic from "@anthropic-ai/sdk";

const [baseURL, model, full] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey: "none", maxRetries: 0 });
const hello = [{ role: "user", content: "Say hello." }];

const picture = [{ role: "user", content: [
  { type: "text", text: "What is this?" },
  { type: "image", source: {
    type: "base64", media_type: "image/png",
    data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  } },
] }];
const add = {
  name: "add", description: "Adds two numbers.",
  input_schema: {
    type: "object", required: ["a", "b"], properties: { a: { type: "integer" }, b: { type: "integer" } },
  },
};

async function wholeAnswer() {
  const message = await client.messages.create({ model, max_tokens: 16, messages: hello });
  assert.equal(message.type, "message");
  assert.ok(message.content[0].text);
  assert.ok(["end_turn", "max_tokens"].includes(message.stop_reason));
}

async function streamedAnswer() {
  const pieces = [];
  const stream = client.messages.stream({ model, max_tokens: 16, messages: hello });
  stream.on("text", (text) => pieces.push(text));
  const message = await stream.finalMessage();
  assert.ok(pieces.join(""));
  assert.equal(message.content[0].text, pieces.join(""));
}

async function thinking() {
  const message = await client.messages
    .stream({
      model, max_tokens: 96, messages: hello, temperature: 0, thinking: { type: "enabled", budget_tokens: 48 },
    })
    .finalMessage();
  assert.deepEqual(message.content.map((block) => block.type), ["thinking", "text"]);
}

// A call streams as JSON in pieces; its result goes back with what the model had said.
async function tools() {
  const question = [{ role: "user", content: "What is 2 + 3? Use the tool." }];
  const message = await client.messages.stream({
    model, max_tokens: 96, messages: question, tools: [add], tool_choice: { type: "tool", name: "add" },
  }).finalMessage();
  assert.equal(message.stop_reason, "tool_use");
  const call = message.content.at(-1);
  assert.deepEqual(Object.keys(call.input).sort(), ["a", "b"]);
  const result = { type: "tool_result", tool_use_id: call.id, content: "5" };
  const answer = await client.messages.create({
    model, max_tokens: 16, tools: [add],
    messages: [...question, { role: "assistant", content: message.content }, { role: "user", content: [result] }],
  });
  assert.ok(answer.content[0].text);
}

async function schema() {
  const form = { type: "object", required: ["name"], additionalProperties: false,
    properties: { name: { enum: ["red", "green", "blue"] } } };
  const message = await client.messages.create({
    model, max_tokens: 64, messages: hello, output_config: { format: { type: "json_schema", schema: form } },
  });
  assert.ok(["red", "green", "blue"].includes(JSON.parse(message.content[0].text).name));
}

async function severalTurns() {
  const turns = [{ role: "user", content: "My name is Alice." }];
  const first = await client.messages.create({ model, max_tokens: 16, system: "Be brief.", messages: turns });
  turns.push({ role: "assistant", content: first.content }, { role: "user", content: "What is my name?" });
  assert.ok((await client.messages.create({ model, max_tokens: 16, messages: turns })).content[0].text);
}

async function seesPicture() {
  assert.ok((await client.messages.create({ model, max_tokens: 16, messages: picture })).content[0].text);
}

async function refusesPicture() {
  await assert.rejects(client.messages.create({ model, max_tokens: 16, messages: picture }),
    (error) => error instanceof Anthropic.BadRequestError);
}

async function count() {
  const { input_tokens: tokens } = await client.messages.countTokens({ model, messages: hello });
  assert.ok(tokens > 0);
}

async function errors() {
  await assert.rejects(client.messages.create({ model: "no-such-model", max_tokens: 8, messages: hello }),
    (error) => error instanceof Anthropic.NotFoundError);
  await assert.rejects(client.messages.create({ model, max_tokens: 8, messages: hello, temperature: 7 }),
    (error) => error instanceof Anthropic.BadRequestError);
}

const able = full ? [tools, seesPicture] : [refusesPicture];
for (const check of [wholeAnswer, streamedAnswer, severalTurns, thinking, schema, count, ...able, errors]) {
  await check();
  console.log(`ok ${check.name}`);
}
