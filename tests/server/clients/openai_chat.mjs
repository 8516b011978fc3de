// The official OpenAI client for Node against a running Melete.
//
// Usage: node openai_chat.mjs BASE_URL MODEL [full], with the package `openai` beside it. With `full` the model must
// call tools and see; without, pictures must be refused. Ends with 0 when every check holds.

import assert from "node:assert/strict";
import OpenAI from "openai";

const [baseURL, model, full] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: "Say hello." }];
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
const picture = [{ role: "user", content: [
  { type: "text", text: "What is this?" },
  { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } },
] }];
const numbers = {
  type: "object", required: ["a", "b"], properties: { a: { type: "integer" }, b: { type: "integer" } },
};
const colour = {
  type: "object", required: ["name"], additionalProperties: false,
  properties: { name: { enum: ["red", "green", "blue"] } },
};

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

  async severalTurns() {
    const turns = [{ role: "system", content: "Be brief." }, { role: "user", content: "My name is Alice." }];
    const first = await client.chat.completions.create({ model, messages: turns, max_tokens: 16 });
    turns.push(first.choices[0].message, { role: "user", content: "What is my name?" });
    const second = await client.chat.completions.create({ model, messages: turns, max_tokens: 16 });
    assert.ok(second.choices[0].message.content);
  },

  async schema() {
    const answer = await client.chat.completions.parse({
      model, messages, max_tokens: 64,
      response_format: { type: "json_schema", json_schema: { name: "colour", strict: true, schema: colour } },
    });
    assert.ok(["red", "green", "blue"].includes(JSON.parse(answer.choices[0].message.content).name));
  },

  // The client's own loop: it streams the call, runs the function, sends the result and goes on.
  async tools() {
    if (!full) return;
    const given = [];
    const add = {
      name: "add", description: "Adds two numbers.", parameters: numbers, parse: JSON.parse,
      function: (input) => {
        given.push(Object.keys(input).sort());
        return "5";
      },
    };
    const runner = client.chat.completions.runTools({
      model, stream: true, messages: [{ role: "user", content: "What is 2 + 3? Use the tool." }],
      tools: [{ type: "function", function: add }],
    });
    assert.ok(await runner.finalContent());
    assert.deepEqual(given, [["a", "b"]]);
  },

  async pictures() {
    const answer = client.chat.completions.create({ model, messages: picture, max_tokens: 16 });
    if (full) {
      assert.ok((await answer).choices[0].message.content);
    } else {
      await assert.rejects(answer, (error) => error.status === 400 && error.param.startsWith("messages[0].content[1]"));
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
