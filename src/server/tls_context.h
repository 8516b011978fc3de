// What TLS connections share: certificate, key and how much of the past is still spoken (TLS 1.2
// and 1.3, with forward secrecy).

#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "base/error.h"
#include "server/options.h"

namespace melete::server {

// NotFound where a file cannot be read, Corrupt where it holds no certificate or key,
// InvalidArgument where the two do not belong together; each blames the setting, `tls-certificate`
// or `tls-key`.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

// The SHA-256 of the certificate in a PEM file, as browsers show it: "A1:B2:...". Errors as above.
Result<std::string> certificate_fingerprint(const std::filesystem::path& certificate);

}  // namespace melete::server
