// Whole replies under gzip: only for clients that take it, and never for streams.

#include "server/compression.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "server/test_server.h"

namespace melete::server {
namespace {

std::string gunzipped(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(Compression, IsAllowedByNameOrByAStar) {
  for (const char* header : {"gzip", "deflate, GZIP", "br;q=1, gzip;q=0.2", "*", " gzip ; q=1"}) {
    EXPECT_TRUE(accepts_gzip(header)) << header;
  }
  for (const char* header :
       {"", "identity", "gzip;q=0", "gzip; q=0.000", "*;q=0", "xgzip", "*, gzip;q=0"}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
}

TEST(Compression, IsForLongTexts) {
  EXPECT_TRUE(worth_compressing("application/json", 5000));
  EXPECT_TRUE(worth_compressing("text/html; charset=utf-8", 5000));
  EXPECT_FALSE(worth_compressing("application/json", 500));
  EXPECT_FALSE(worth_compressing("image/png", 5000));
  EXPECT_FALSE(worth_compressing("text/event-stream", 5000));
}

TEST(Compression, LosesNothing) {
  std::string text;
  for (int number = 0; number < 20'000; ++number) text += std::to_string(number * number) + "\n";
  const std::string packed = gzipped(text);
  EXPECT_LT(packed.size(), text.size() / 2);
  EXPECT_EQ(gunzipped(packed), text);
}

HttpReply ask_for_gzip(const TestServer& server, const std::string& path, const std::string& body) {
  HttpClient client(server.port());
  client.send((body.empty() ? "GET " : "POST ") + path +
              " HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\ncontent-length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  return client.read_reply();
}

TEST(Compression, MakesAPageAndAnAnswerShorter) {
  const std::string page(100'000, 'a');
  ServerOptions options;
  options.files = {{"/", "text/html; charset=utf-8", page}};
  const std::string answer(3000, 'b');
  const TestServer server(chat::answers(answer), options);

  const HttpReply plain = server.fetch("/");
  EXPECT_FALSE(plain.headers.contains("content-encoding"));
  EXPECT_EQ(plain.headers.at("vary"), "accept-encoding");
  EXPECT_EQ(plain.body, page);

  const HttpReply packed = ask_for_gzip(server, "/", "");
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 1000u);
  EXPECT_EQ(gunzipped(packed.body), page);

  const HttpReply whole = ask_for_gzip(server, "/v1/chat/completions", chat_body());
  EXPECT_EQ(whole.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(Json::parse(gunzipped(whole.body))["choices"][0]["message"]["content"], answer);
}

TEST(Compression, LeavesStreamsAndShortRepliesAlone) {
  const TestServer server(chat::answers(std::string(3000, 'b')));
  const HttpReply stream =
      ask_for_gzip(server, "/v1/chat/completions", chat_body(R"("stream": true)"));
  EXPECT_FALSE(stream.headers.contains("content-encoding"));
  EXPECT_FALSE(ask_for_gzip(server, "/health", "").headers.contains("content-encoding"));
}

}  // namespace
}  // namespace melete::server
