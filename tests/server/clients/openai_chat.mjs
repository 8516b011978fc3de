// The official OpenAI client for Node against a running Melete.
//
// Usage: node openai_chat.mjs BASE_URL MODEL, e.g. node openai_chat.mjs http://127.0.0.1:8080/v1 smollm2-135m
// Needs the package `openai`. Ends with 0 when every check holds.

import assert from "node:assert/strict";
import OpenAI from "openai";

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: "Say hello." }];

const checks = {
  async wholeAnswer() {
    const answer = await client.chat.completions.create({ model, messages, max_tokens: 16 });
    assert.equal(answer.object, "chat.completion");
    assert.ok(answer.choices[0].message.content);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  },

  async streamedAnswer() {
    const stream = client.chat.completions.stream({
      model, messages, max_tokens: 16, stream_options: { include_usage: true },
    });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    const final = await stream.finalChatCompletion();
    assert.ok(text);
    assert.equal(final.choices[0].message.content, text);
    assert.ok(final.usage.completion_tokens > 0);
  },

  async abandonedStream() {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) {
      assert.equal(chunk.object, "chat.completion.chunk");
      break;
    }
  },

  async models() {
    const ids = [];
    for await (const entry of client.models.list()) ids.push(entry.id);
    assert.ok(ids.includes(model));
  },

  async errors() {
    await assert.rejects(client.chat.completions.create({ model: "no-such-model", messages }),
      (error) => error.status === 404 && error.code === "model_not_found");
    await assert.rejects(client.chat.completions.create({ model, messages, temperature: 7 }),
      (error) => error.status === 400 && error.param === "temperature");
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(`ok ${name}`);
}
