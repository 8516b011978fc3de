// The official Anthropic client for Node against a running Melete.
//
// Usage: node anthropic_messages.mjs BASE_URL MODEL, with @anthropic-ai/sdk beside it. Ends with 0 when every check
// holds.
import assert from "node:assert/strict";

import Anthropic from "@anthropic-ai/sdk";

const [baseURL, model] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey: "none", maxRetries: 0 });
const hello = [{ role: "user", content: "Say hello." }];

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
    .stream({ model, max_tokens: 96, messages: hello, thinking: { type: "enabled", budget_tokens: 48 } })
    .finalMessage();
  assert.deepEqual(message.content.map((block) => block.type), ["thinking", "text"]);
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

for (const check of [wholeAnswer, streamedAnswer, thinking, count, errors]) {
  await check();
  console.log(`ok ${check.name}`);
}
