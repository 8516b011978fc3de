// Vercel's AI SDK against a running Melete, by each of its providers: OpenAI's Responses, OpenAI's Chat Completions
// and Anthropic's Messages.
//
// Usage: node ai_sdk.mjs BASE_URL MODEL [full], with `ai`, `@ai-sdk/openai` and `@ai-sdk/anthropic` beside it; BASE_URL
// ends in /v1. With `full` the model must call tools and see; without, both must be refused. Ends with 0 when every
// check holds.

import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";

const [baseURL, name, full] = process.argv.slice(2);
const openai = createOpenAI({ baseURL, apiKey: "none" });
const anthropic = createAnthropic({ baseURL, apiKey: "none" });
const providers = { responses: openai.responses, chat: openai.chat, messages: anthropic };
// Left to itself, the Messages provider asks a model that it does not know for JSON by way of a tool.
const providerOptions = { openai: { store: false }, anthropic: { structuredOutputMode: "outputFormat" } };
const usual = { maxOutputTokens: 16, maxRetries: 0, temperature: 0, providerOptions };

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
const colour = {
  type: "object", required: ["name"], additionalProperties: false,
  properties: { name: { enum: ["red", "green", "blue"] } },
};
const numbers = {
  type: "object", required: ["a", "b"], additionalProperties: false,
  properties: { a: { type: "integer" }, b: { type: "integer" } },
};

async function wholeAnswer(model) {
  const { text, finishReason, usage } = await generateText({ ...usual, model, prompt: "Say hello." });
  assert.ok(text);
  assert.ok(["stop", "length"].includes(finishReason));
  assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
}

async function streamedAnswer(model) {
  const result = streamText({ ...usual, model, prompt: "Say hello.", onError: ({ error }) => assert.fail(error) });
  const pieces = [];
  for await (const piece of result.textStream) pieces.push(piece);
  assert.ok(pieces.length > 1);
  assert.equal(await result.text, pieces.join(""));
  assert.ok((await result.usage).outputTokens > 0);
}

async function severalTurns(model) {
  const messages = [{ role: "user", content: "My name is Alice." }];
  const first = await generateText({ ...usual, model, system: "Be brief.", messages });
  messages.push(...first.response.messages, { role: "user", content: "What is my name?" });
  assert.ok((await generateText({ ...usual, model, system: "Be brief.", messages })).text);
}

async function formedAnswer(model) {
  const { output } = await generateText({
    ...usual, maxOutputTokens: 64, model, prompt: "Name a colour.",
    output: Output.object({ schema: jsonSchema(colour) }),
  });
  assert.ok(["red", "green", "blue"].includes(output.name));
}

// The model calls, the client computes, and the model goes on with what came out, whole and streamed.
async function toolRoundTrip(model) {
  const given = [];
  const add = tool({
    description: "Adds two numbers.",
    inputSchema: jsonSchema(numbers),
    execute: async (input) => {
      given.push(input);
      return input.a + input.b;
    },
  });
  const question = { ...usual, model, prompt: "What is 2 + 2?", tools: { add }, stopWhen: stepCountIs(3) };
  if (!full) {
    await assert.rejects(generateText(question), (error) => APICallError.isInstance(error) && error.statusCode === 400);
    return;
  }
  const { steps, text } = await generateText(question);
  assert.deepEqual(steps.map((step) => step.finishReason), ["tool-calls", "stop"]);
  assert.ok(text);
  const streamed = streamText({ ...question, onError: ({ error }) => assert.fail(error) });
  assert.ok(await streamed.text);
  assert.equal((await streamed.steps).length, 2);
  assert.deepEqual(given, [{ a: 2, b: 2 }, { a: 2, b: 2 }]);
}

async function picture(model) {
  const content = [{ type: "text", text: "What is this?" }, { type: "image", image: PIXEL, mediaType: "image/png" }];
  const answer = generateText({ ...usual, model, messages: [{ role: "user", content }] });
  if (full) {
    assert.ok((await answer).text);
  } else {
    await assert.rejects(answer, (error) => APICallError.isInstance(error) && error.statusCode === 400);
  }
}

async function errors(model, make) {
  await assert.rejects(generateText({ ...usual, model: make("no-such-model"), prompt: "Hi" }),
    (error) => APICallError.isInstance(error) && error.statusCode === 404);
  await assert.rejects(generateText({ ...usual, model, topP: 7, prompt: "Hi" }),
    (error) => APICallError.isInstance(error) && error.statusCode === 400 && error.message.includes("top_p"));
}

globalThis.AI_SDK_LOG_WARNINGS = false;
for (const [provider, make] of Object.entries(providers)) {
  for (const check of [wholeAnswer, streamedAnswer, severalTurns, formedAnswer, toolRoundTrip, picture, errors]) {
    await check(make(name), make);
    console.log(`ok ${check.name} by ${provider}`);
  }
}
console.log("ok errors");
