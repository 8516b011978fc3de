// Idempotency-Key: one answer for one key, also while it is being made.

#include "server/idempotency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "server/stateful_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;

std::string keyed_post(const std::string& path, const std::string& key, const std::string& body,
                       const std::string& more = "") {
  return "POST " + path + " HTTP/1.1\r\nhost: localhost\r\nidempotency-key: " + key + "\r\n" +
         more + "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string keyed(const std::string& key, const std::string& body, const std::string& more = "") {
  return keyed_post("/v1/chat/completions", key, body, more);
}

// A response that is stored.
std::string keyed_response(const std::string& fields = "") {
  return keyed_post("/v1/responses", "k1", R"({"model": "tiny", "input": "Hi")" + fields + "}");
}

HttpReply ask(const TestServer& server, const std::string& request) {
  HttpClient client(server.port());
  client.send(request);
  return client.read_reply();
}

// The id in the first event that a client got.
std::string id_told_to(const HttpClient& client) {
  const std::string& received = client.received();
  const size_t end = received.find("\n\n", received.find("data: "));
  return events_in(received.substr(0, end + 2)).at(0)["response"]["id"];
}

class IdempotencyKey : public testing::TestWithParam<const char*> {};

TEST_P(IdempotencyKey, GivesTheFirstAnswerAgain) {
  const TestServer server;
  const std::string request = keyed("k1", chat_body(GetParam()));
  const HttpReply first = ask(server, request);
  const HttpReply again = ask(server, request);
  EXPECT_EQ(first.status, 200);
  EXPECT_FALSE(first.headers.contains("idempotent-replayed"));
  EXPECT_EQ(again.headers.at("idempotent-replayed"), "true");
  EXPECT_EQ(again.headers.at("content-type"), first.headers.at("content-type"));
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(server.backend->requests().size(), 1u);
}

TEST_P(IdempotencyKey, WaitsForAnAnswerThatIsBeingMade) {
  const TestServer server(
      chat::answers_with({.text = "One two three four five", .first_token = milliseconds(300)}));
  const std::string request = keyed("k1", chat_body(GetParam()));
  HttpClient first(server.port());
  first.send(request);
  ASSERT_TRUE(eventually([&] { return server.backend->live_streams() == 1; }));
  const HttpReply second = ask(server, request);
  EXPECT_EQ(second.headers.at("idempotent-replayed"), "true");
  EXPECT_EQ(second.body, first.read_reply().body);
  EXPECT_EQ(server.backend->requests().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Forms, IdempotencyKey,
                         testing::Values(R"("stream": true)", R"("stream": false)"));

TEST(Idempotency, AKeyBelongsToOneBodyAndOneCaller) {
  const TestServer server;
  EXPECT_EQ(ask(server, keyed("k1", chat_body())).status, 200);
  const HttpReply other = ask(server, keyed("k1", chat_body(R"("temperature": 0)")));
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.json()["error"]["param"], "idempotency-key");
  const HttpReply stranger =
      ask(server, keyed("k1", chat_body(R"("temperature": 0)"), "authorization: Bearer b\r\n"));
  EXPECT_EQ(stranger.status, 200);
  EXPECT_FALSE(stranger.headers.contains("idempotent-replayed"));
}

TEST(Idempotency, AFailureIsNotKept) {
  const Error full{ErrorCode::Overloaded, "There is no room."};
  const TestServer server(chat::in_turn(
      {chat::answers_with({.text = "", .error = full}), chat::answers("Hello there.")}));
  const HttpReply failed = ask(server, keyed("k1", chat_body()));
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(failed.headers.at("retry-after"), "1");
  EXPECT_EQ(ask(server, keyed("k1", chat_body())).status, 200);
}

TEST(Idempotency, WhoWaitsTakesOverWhenTheFirstClientLeaves) {
  const TestServer server(chat::in_turn({silent(), chat::answers("Hello there.")}));
  HttpClient first(server.port());
  first.send(keyed("k1", chat_body()));
  ASSERT_TRUE(eventually([&] { return server.backend->live_streams() == 1; }));
  HttpClient second(server.port());
  second.send(keyed("k1", chat_body()));
  EXPECT_FALSE(eventually([&] { return server.backend->requests().size() > 1; }, milliseconds(50)))
      << "the key is the first client's";
  first.close();
  const HttpReply reply = second.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_FALSE(reply.headers.contains("idempotent-replayed"));
}

TEST(StoredIdempotency, AStreamIsReadAlongFromItsBeginningAndGoesOnWithoutItsFirstClient) {
  StatefulServer server(endless());
  const std::string request = keyed_response(R"(, "stream": true)");
  HttpClient first(server.server().port());
  first.send(request);
  ASSERT_TRUE(first.read_until("output_text.delta"));
  HttpClient second(server.server().port());
  second.send(request);
  ASSERT_TRUE(second.read_until("output_text.delta"));
  first.close();
  server.ask({"POST", "/v1/responses/" + id_told_to(second) + "/control", R"({"action": "stop"})"});
  const HttpReply read_along = second.read_reply();
  EXPECT_EQ(read_along.headers.at("idempotent-replayed"), "true");
  const auto events = events_in(read_along.body);
  EXPECT_EQ(events.front()["sequence_number"], 0);
  EXPECT_EQ(events.back()["type"], "response.incomplete");
  const HttpReply third = ask(server.server(), request);
  EXPECT_EQ(third.headers.at("idempotent-replayed"), "true");
  EXPECT_EQ(third.headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(third.body, read_along.body);
  EXPECT_EQ(server.server().backend->requests().size(), 1u);
}

TEST(StoredIdempotency, AnAnswerIsMadeOnceForAClientThatLeftAndCameBack) {
  StatefulServer server(
      chat::answers_with({.text = "One two three four five", .first_token = milliseconds(300)}));
  HttpClient first(server.server().port());
  first.send(keyed_response());
  ASSERT_TRUE(eventually([&] { return server.server().backend->live_streams() == 1; }));
  first.close();
  const HttpReply second = ask(server.server(), keyed_response());
  EXPECT_EQ(second.headers.at("idempotent-replayed"), "true");
  EXPECT_EQ(second.json()["output"][0]["content"][0]["text"], "One two three four five");
  EXPECT_EQ(server.fetch("/v1/responses/" + second.json()["id"].get<std::string>()).json(),
            second.json());
  EXPECT_EQ(ask(server.server(), keyed_response()).body, second.body);
  EXPECT_EQ(server.server().backend->requests().size(), 1u);
}

TEST(StoredIdempotency, AFailureFreesTheKey) {
  const Error full{ErrorCode::Overloaded, "There is no room."};
  StatefulServer server(chat::in_turn(
      {chat::answers_with({.text = "", .error = full}), chat::answers("Hello there.")}));
  EXPECT_EQ(ask(server.server(), keyed_response()).status, 503);
  EXPECT_TRUE(eventually([&] { return ask(server.server(), keyed_response()).status == 200; }));
}

TEST(StoredIdempotency, AnAnswerThatWaitsForItsTurnDoesNotHoldUpTheEnd) {
  ServerOptions options;
  options.background = {.running = 1, .waiting = 5};
  StatefulServer server(endless(), options);
  server.respond(R"("input": "Hi", "background": true)");
  HttpClient waits(server.server().port());
  waits.send(keyed_response(R"(, "background": true, "stream": true)"));
  ASSERT_TRUE(waits.read_until("response.queued"));
  server.server().server->stop();
  server.server().server->wait();
}

TEST(Idempotency, AKeyThatIsNoKeyIsRefused) {
  const TestServer server;
  const HttpReply reply = ask(server, keyed(std::string(300, 'k'), chat_body()));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.json()["error"]["param"], "idempotency-key");
}

// The outcome of a claim that has not to wait.
IdempotencyTable::Outcome claim_now(IdempotencyTable& table, const RequestIdentity& identity) {
  boost::asio::io_context loop;
  std::optional<IdempotencyTable::Outcome> outcome;
  boost::asio::co_spawn(loop, table.claim(identity),
                        [&](std::exception_ptr, IdempotencyTable::Outcome given) {
                          outcome.emplace(std::move(given));
                        });
  loop.run();
  return std::move(*outcome);
}

void keep(IdempotencyTable& table, const std::string& key, size_t bytes) {
  auto outcome = claim_now(table, identity_of("", "/", key, ""));
  std::get<IdempotencyTable::Claim>(outcome).keep({.body = std::string(bytes, 'a')});
}

bool is_kept(IdempotencyTable& table, const std::string& key) {
  return std::holds_alternative<IdempotencyTable::Kept>(
      claim_now(table, identity_of("", "/", key, "")));
}

class SetClock final : public Clock {
 public:
  Instant now() const override { return time; }
  Instant time{};
};

TEST(IdempotencyTable, ForgetsAfterItsLifetime) {
  SetClock clock;
  IdempotencyTable table({.lifetime = std::chrono::seconds(60), .clock = &clock});
  keep(table, "a", 1);
  clock.time += std::chrono::seconds(59);
  EXPECT_TRUE(is_kept(table, "a"));
  clock.time += std::chrono::seconds(2);
  EXPECT_FALSE(is_kept(table, "a"));
}

TEST(IdempotencyTable, HasRoomForSoManyBytesAndForgetsTheOldestFirst) {
  IdempotencyTable table({.bytes = 250});
  for (const char* key : {"a", "b", "c"}) keep(table, key, 100);
  EXPECT_FALSE(is_kept(table, "a"));
  EXPECT_TRUE(is_kept(table, "b"));
  EXPECT_TRUE(is_kept(table, "c"));
}

TEST(IdempotencyTable, PartsOfAnIdentityDoNotRunTogether) {
  EXPECT_NE(identity_of("ab", "/", "c", "").key, identity_of("a", "/", "bc", "").key);
}

}  // namespace
}  // namespace melete::server
