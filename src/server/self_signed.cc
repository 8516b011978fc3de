#include "server/self_signed.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace melete::server {

namespace fs = std::filesystem;

namespace {

constexpr long kDay = 24 * 60 * 60;
constexpr long kValid = 825 * kDay;  // the most that Apple's systems accept
constexpr long kRenewBefore = 30 * kDay;

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Buffer = std::unique_ptr<BIO, Free<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

bool is_address(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(AF_INET, name.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), ignored.data()) == 1;
}

std::vector<std::string> addresses_of_interfaces() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, Free<freeifaddrs>> owned(list);
  std::vector<std::string> texts;
  for (const ifaddrs* interface = list; interface != nullptr; interface = interface->ifa_next) {
    const sockaddr* address = interface->ifa_addr;
    if (address == nullptr || address->sa_family != AF_INET) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    texts.emplace_back(text.data());
  }
  return texts;
}

Certificate read_certificate(const fs::path& path) {
  const Buffer file(BIO_new_file(path.c_str(), "r"));
  if (!file) return nullptr;
  return Certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
}

bool serves(X509* certificate, const std::string& name) {
  if (is_address(name)) return X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
  return X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

bool still_good(const TlsFiles& files, const std::vector<std::string>& names) {
  const Certificate certificate = read_certificate(files.certificate);
  if (!certificate || access(files.key.c_str(), R_OK) != 0) return false;
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get()));
  if (days * kDay < kRenewBefore) return false;
  return std::ranges::all_of(
      names, [&](const std::string& name) { return serves(certificate.get(), name); });
}

bool extend(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    list += fmt::format("{}{}:{}", list.empty() ? "" : ",", is_address(name) ? "IP" : "DNS", name);
  }
  return list;
}

void set_random_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  bytes[0] &= 0x7f;  // positive
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(
      BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

Certificate make_certificate(EVP_PKEY* key, const std::vector<std::string>& names) {
  Certificate certificate(X509_new());
  constexpr long kVersion3 = 2;
  X509_set_version(certificate.get(), kVersion3);
  set_random_serial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);  // clocks differ
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kValid - kDay);
  X509_set_pubkey(certificate.get(), key);
  constexpr std::string_view kName = "Melete on this machine";
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(kName.data()),
                             static_cast<int>(kName.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  const bool whole = extend(certificate.get(), NID_subject_alt_name, alternative_names(names)) &&
                     extend(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                     extend(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
                     extend(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                     X509_sign(certificate.get(), key, EVP_sha256()) > 0;
  return whole ? std::move(certificate) : nullptr;
}

std::string content_of(BIO* buffer) {
  char* bytes = nullptr;
  const long count = BIO_get_mem_data(buffer, &bytes);
  return {bytes, static_cast<size_t>(count)};
}

// Readers see the old file or the new one, and nobody but the owner either.
bool write_private(const fs::path& path, std::string_view text) {
  const fs::path draft = path.string() + ".new";
  unlink(draft.c_str());
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = ::write(file, text.data(), text.size()) == std::ssize(text);
  const bool closed = ::close(file) == 0;
  return written && closed && ::rename(draft.c_str(), path.c_str()) == 0;
}

}  // namespace

std::vector<std::string> names_of_this_machine(const std::string& host) {
  std::vector<std::string> names{"localhost"};
  std::array<char, 256> own{};
  if (gethostname(own.data(), own.size() - 1) == 0 && own[0] != '\0') {
    names.emplace_back(own.data());
    if (names.back().find('.') == std::string::npos) names.push_back(names.back() + ".local");
  }
  names.emplace_back("127.0.0.1");
  names.emplace_back("::1");
  for (std::string& address : addresses_of_interfaces()) names.push_back(std::move(address));
  const bool one_machine = host != "0.0.0.0" && host != "::";
  if (one_machine) names.push_back(host);
  std::vector<std::string> once;
  for (std::string& name : names) {
    if (std::ranges::find(once, name) == once.end()) once.push_back(std::move(name));
  }
  return once;
}

fs::path certificate_in(const fs::path& folder) {
  return folder / "certificate.pem";
}

Result<TlsFiles> self_signed(const fs::path& folder, const std::vector<std::string>& names) {
  TlsFiles files{certificate_in(folder), folder / "key.pem"};
  if (still_good(files, names)) return files;

  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key ? make_certificate(key.get(), names) : nullptr;
  const Buffer key_text(BIO_new(BIO_s_mem()));
  const Buffer certificate_text(BIO_new(BIO_s_mem()));
  const bool made = certificate &&
                    PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0,
                                                  nullptr, nullptr) == 1 &&
                    PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1;
  if (!made) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("No certificate can be made for {}: give one with --tls-certificate.",
                            fmt::join(names, ", ")),
                "tls");
  }
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  if (!write_private(files.key, content_of(key_text.get())) ||
      !write_private(files.certificate, content_of(certificate_text.get()))) {
    return fail(ErrorCode::StorageFull,
                fmt::format("{} cannot be written, where the certificate for --tls auto is kept: "
                            "make it writable, or give a certificate with --tls-certificate.",
                            folder.string()),
                "tls");
  }
  return files;
}

}  // namespace melete::server
