// A certificate that the server makes for itself (`--tls auto`): browsers warn of it once, and then
// grant a page the microphone and the camera.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "server/options.h"

namespace melete::server {

// What clients may call this machine: "localhost", its host name (also with ".local"), and the IPv4
// addresses of its interfaces (those of IPv6 change from day to day); `host` too where it names one
// machine.
std::vector<std::string> names_of_this_machine(const std::string& host);

// The certificate in `folder` and its key, made at the first call and made anew when a name is
// missing from it or it ends within a month: a new one has to be accepted anew. An ECDSA key on
// P-256, valid for 825 days; only the owner may read it. Milliseconds.
//
// StorageFull, blaming `tls`, where the folder cannot be written, InvalidArgument where a name
// cannot stand in a certificate. Two servers that start at once
// with one folder may make it twice; the later one stays.
Result<TlsFiles> self_signed(const std::filesystem::path& folder,
                             const std::vector<std::string>& names);

// Where self_signed() keeps the certificate of `folder`.
std::filesystem::path certificate_in(const std::filesystem::path& folder);

}  // namespace melete::server
