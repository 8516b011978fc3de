#include "server/tls_context.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_content.h"

namespace melete::server {

namespace asio = boost::asio;

namespace {

Result<std::string> read_pem(const std::filesystem::path& path, const char* setting) {
  std::optional<std::string> text = file_content(path);
  if (!text || text->empty()) {
    return fail(
        ErrorCode::NotFound,
        fmt::format("{} cannot be read: check the path that --{} names.", path.string(), setting),
        setting);
  }
  return std::move(*text);
}

std::unexpected<Error> no_pem(const std::filesystem::path& path, std::string_view what,
                              const char* setting) {
  return fail(ErrorCode::Corrupt,
              fmt::format("{} holds no {} in PEM form: check the path that --{} names.",
                          path.string(), what, setting),
              setting);
}

// Of the protocols that a client offers; a client that offers only others gets no answer to that.
int choose_protocol(SSL* /*tls*/, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned offered_bytes, void* /*user*/) {
  static constexpr std::array<unsigned char, 9> kHttp{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, chosen_bytes, kHttp.data(), kHttp.size(),
                                           offered, offered_bytes);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void allow_only_modern(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // of connections that are silent
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

struct FreeBuffer {
  void operator()(BIO* buffer) const { BIO_free(buffer); }
};

}  // namespace

Result<std::unique_ptr<asio::ssl::context>> make_tls_context(const TlsFiles& files) {
  const auto certificate = read_pem(files.certificate, "tls-certificate");
  if (!certificate) return std::unexpected(certificate.error());
  const auto key = read_pem(files.key, "tls-key");
  if (!key) return std::unexpected(key.error());

  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  allow_only_modern(context->native_handle());
  boost::system::error_code error;
  context->use_certificate_chain(asio::buffer(*certificate), error);
  if (error) return no_pem(files.certificate, "certificate", "tls-certificate");
  context->use_private_key(asio::buffer(*key), asio::ssl::context::pem, error);
  if (!error && SSL_CTX_check_private_key(context->native_handle()) == 1) return context;
  if (error &&
      ERR_GET_REASON(static_cast<unsigned long>(error.value())) != X509_R_KEY_VALUES_MISMATCH) {
    return no_pem(files.key, "key without a password", "tls-key");
  }
  return fail(ErrorCode::InvalidArgument,
              fmt::format("{} is not the key of {}: give the pair that was made together.",
                          files.key.string(), files.certificate.string()),
              "tls-key");
}

Result<std::string> certificate_fingerprint(const std::filesystem::path& path) {
  const auto text = read_pem(path, "tls-certificate");
  if (!text) return std::unexpected(text.error());
  const std::unique_ptr<BIO, FreeBuffer> buffer(
      BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  const std::unique_ptr<X509, FreeCertificate> certificate(
      PEM_read_bio_X509(buffer.get(), nullptr, nullptr, nullptr));
  if (!certificate) return no_pem(path, "certificate", "tls-certificate");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned bytes = 0;
  X509_digest(certificate.get(), EVP_sha256(), digest.data(), &bytes);
  std::string shown;
  for (unsigned index = 0; index < bytes; ++index) {
    fmt::format_to(std::back_inserter(shown), "{}{:02X}", index == 0 ? "" : ":", digest[index]);
  }
  return shown;
}

}  // namespace melete::server
