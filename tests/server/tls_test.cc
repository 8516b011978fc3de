// TLS with a real client: answers, streams, certificates of our own making, and what is refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "server/self_signed.h"
#include "server/socket_client.h"
#include "server/test_server.h"
#include "server/tls_context.h"

namespace melete::server {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;

// A folder that goes with its test.
class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "melete-tls-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path path;
};

// One TLS connection to 127.0.0.1 that trusts `certificate` alone.
class TlsClient {
 public:
  TlsClient(uint16_t port, const fs::path& certificate, int newest = 0)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_load_verify_file(context_.get(), certificate.c_str());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (newest != 0) SSL_CTX_set_max_proto_version(context_.get(), newest);
    bio_ = BIO_new_ssl_connect(context_.get());
    BIO_get_ssl(bio_, &tls_);
    SSL_set1_host(tls_, "localhost");
    BIO_set_conn_hostname(bio_, ("127.0.0.1:" + std::to_string(port)).c_str());
    connected = BIO_do_connect(bio_) == 1 && BIO_do_handshake(bio_) == 1;
    ERR_clear_error();
  }
  ~TlsClient() { BIO_free_all(bio_); }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool send(const std::string& bytes) {
    return BIO_write(bio_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }

  // Everything up to and with `text`.
  std::string read_until(const std::string& text) {
    std::string received;
    std::array<char, 4096> piece{};
    while (received.find(text) == std::string::npos) {
      const int count = BIO_read(bio_, piece.data(), piece.size());
      if (count <= 0) break;
      received.append(piece.data(), static_cast<size_t>(count));
    }
    return received;
  }

  std::string protocol() const { return SSL_get_version(tls_); }

  bool connected = false;

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  BIO* bio_ = nullptr;
  SSL* tls_ = nullptr;  // belongs to bio_
};

TlsFiles make_files(const fs::path& folder) {
  const auto files = self_signed(folder, names_of_this_machine("127.0.0.1"));
  EXPECT_TRUE(files.has_value()) << files.error().message;
  return *files;
}

ServerOptions with_tls(const TlsFiles& files) {
  ServerOptions options;
  options.tls = files;
  return options;
}

TEST(Tls, AnswersAndStreamsOnOneConnection) {
  const Folder folder;
  const TlsFiles files = make_files(folder.path);
  const TestServer server(chat::answers("Hello there."), with_tls(files));
  EXPECT_THAT(server.server->url(), HasSubstr("https://127.0.0.1:"));
  TlsClient client(server.port(), files.certificate);
  ASSERT_TRUE(client.connected);
  EXPECT_EQ(client.protocol(), "TLSv1.3");
  client.send(post("/v1/chat/completions", chat_body()));
  EXPECT_THAT(client.read_until("}}"), HasSubstr("Hello there."));
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr("data: [DONE]"));
  client.send(get("/health/live"));
  EXPECT_THAT(client.read_until("}"), HasSubstr("live"));
}

TEST(Tls, CarriesAWebSocket) {
  const Folder folder;
  const TlsFiles files = make_files(folder.path);
  const TestServer server(chat::answers("Hello there."), with_tls(files));
  TlsClient client(server.port(), files.certificate);
  ASSERT_TRUE(client.connected);
  client.send(upgrade_text("/v1/responses"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("101 Switching Protocols"));
  for (int turn = 0; turn < 2; ++turn) {
    client.send(client_frame(R"({"type": "response.create", "input": "Hi"})"));
    EXPECT_THAT(client.read_until("response.completed"), HasSubstr("Hello there."));
  }
}

TEST(Tls, ABodyOfManyRecordsArrivesWhole) {
  const Folder folder;
  const TlsFiles files = make_files(folder.path);
  const TestServer server(chat::answers("Hello there."), with_tls(files));
  TlsClient client(server.port(), files.certificate);
  const std::string text(1 << 20, 'a');
  client.send(post("/v1/chat/completions", chat_body(R"("user": ")" + text + "\"")));
  EXPECT_THAT(client.read_until("}}"), HasSubstr("HTTP/1.1 400"));
}

TEST(Tls, AClientThatLeavesFreesItsStream) {
  const Folder folder;
  const TlsFiles files = make_files(folder.path);
  const TestServer server(endless(), with_tls(files));
  {
    TlsClient client(server.port(), files.certificate);
    client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
    EXPECT_THAT(client.read_until("word "), HasSubstr("200 OK"));
  }
  EXPECT_TRUE(eventually([&] { return server.backend->live_streams() == 0; }));
}

TEST(Tls, OldProtocolsAreRefused) {
  const Folder folder;
  const TlsFiles files = make_files(folder.path);
  const TestServer server(chat::answers("Hi"), with_tls(files));
  EXPECT_TRUE(TlsClient(server.port(), files.certificate, TLS1_2_VERSION).connected);
  EXPECT_FALSE(TlsClient(server.port(), files.certificate, TLS1_1_VERSION).connected);
}

TEST(Tls, WhoSaysNothingOrPlainHttpIsCutOff) {
  const Folder folder;
  ServerOptions options = with_tls(make_files(folder.path));
  options.limits.handshake_time = milliseconds(200);
  const TestServer server(chat::answers("Hi"), options);
  HttpClient silent(server.port());
  HttpClient plain(server.port());
  plain.send(get("/health"));
  EXPECT_TRUE(plain.closed_within(milliseconds(5000)));
  EXPECT_TRUE(silent.closed_within(milliseconds(5000)));
}

TEST(Tls, OurOwnCertificateIsKeptPrivatelyAndUsedAgain) {
  const Folder folder;
  const TlsFiles files = make_files(folder.path / "new");
  const auto fingerprint = certificate_fingerprint(files.certificate);
  ASSERT_TRUE(fingerprint.has_value());
  EXPECT_EQ(fingerprint->size(), 32u * 3 - 1);
  struct stat status{};
  ASSERT_EQ(::stat(files.key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(certificate_fingerprint(make_files(folder.path / "new").certificate), *fingerprint);
  const auto more = self_signed(folder.path / "new", {"localhost", "chat.example", "192.0.2.7"});
  ASSERT_TRUE(more.has_value());
  EXPECT_NE(certificate_fingerprint(more->certificate), *fingerprint) << "a name was missing";
}

TEST(Tls, FilesThatDoNotServeAreNamed) {
  const Folder folder;
  const TlsFiles one = make_files(folder.path / "one");
  const TlsFiles two = make_files(folder.path / "two");
  const fs::path text = folder.path / "text.pem";
  std::ofstream(text) << "This is no certificate.\n";
  struct Case {
    TlsFiles files;
    ErrorCode code;
    std::string parameter;
  };
  const Case cases[] = {
      {{folder.path / "none.pem", one.key}, ErrorCode::NotFound, "tls-certificate"},
      {{one.certificate, folder.path / "none.pem"}, ErrorCode::NotFound, "tls-key"},
      {{text, one.key}, ErrorCode::Corrupt, "tls-certificate"},
      {{one.certificate, text}, ErrorCode::Corrupt, "tls-key"},
      {{one.certificate, two.key}, ErrorCode::InvalidArgument, "tls-key"},
  };
  for (const Case& wrong : cases) {
    const auto context = make_tls_context(wrong.files);
    ASSERT_FALSE(context.has_value());
    EXPECT_EQ(context.error().code, wrong.code) << context.error().message;
    EXPECT_EQ(context.error().parameter, wrong.parameter) << context.error().message;
  }
}

TEST(Tls, AFolderThatCannotBeWrittenIsNamed) {
  const auto files = self_signed("/dev/null/tls", {"localhost"});
  ASSERT_FALSE(files.has_value());
  EXPECT_EQ(files.error().code, ErrorCode::StorageFull);
  EXPECT_THAT(files.error().message, HasSubstr("/dev/null/tls"));
}

}  // namespace
}  // namespace melete::server
