#include "store/file_store.h"

#include <fmt/format.h>
#include <soci/soci.h>
#include <sodium.h>

#include <utility>
#include <vector>

#include "base/base64.h"
#include "store/session_pool.h"

namespace melete::store {

namespace {

using soci::into;
using soci::use;

constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;

std::unexpected<Error> unknown(std::string_view id) {
  return fail(ErrorCode::NotFound,
              fmt::format("There is no file {}: it was never uploaded, or it was deleted.", id));
}

Result<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  size_t length = 0;
  const int failed =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, nullptr, kBase64);
  if (failed != 0) {
    return fail(ErrorCode::Corrupt, "The file's content is damaged: upload it again.");
  }
  bytes.resize(length);
  return bytes;
}

// The owner's files behind `page.after`, one more than the page takes if there is one.
std::vector<File> files_after(soci::session& session, std::string_view owner,
                              const std::string& purpose, const Page& page) {
  const bool from_start = page.after.empty();
  File file{.owner = std::string(owner)};
  const int limit = page.limit + 1;
  std::string query = "SELECT id, created_at, name, purpose, bytes FROM files WHERE owner = :owner";
  if (!purpose.empty()) query += " AND purpose = :purpose";
  if (!from_start) query += page.ascending ? " AND id > :after" : " AND id < :after";
  query += page.ascending ? " ORDER BY id ASC LIMIT :limit" : " ORDER BY id DESC LIMIT :limit";
  auto prepared = (session.prepare << query, into(file.id), into(file.created_at), into(file.name),
                   into(file.purpose), into(file.bytes), use(file.owner));
  if (!purpose.empty()) prepared, use(purpose);
  if (!from_start) prepared, use(page.after);
  prepared, use(limit);
  soci::statement statement = prepared;
  statement.execute();
  std::vector<File> files;
  while (statement.fetch()) files.push_back(file);
  return files;
}

Result<File> find_file(soci::session& session, std::string_view id, std::string_view owner) {
  File file{.id = std::string(id), .owner = std::string(owner)};
  session << "SELECT created_at, name, purpose, bytes FROM files WHERE id = :id AND owner = :owner",
      into(file.created_at), into(file.name), into(file.purpose), into(file.bytes), use(file.id),
      use(file.owner);
  if (!session.got_data()) return unknown(id);
  return file;
}

}  // namespace

Result<File> FileStore::add(File file, std::string_view content) {
  file.bytes = static_cast<int64_t>(content.size());
  const std::string text = base64(content);
  auto added = sessions_.write([&](soci::session& session) -> Result<void> {
    session << "INSERT INTO files (id, owner, created_at, name, purpose, bytes)"
               " VALUES (:id, :owner, :created_at, :name, :purpose, :bytes)",
        use(file.id), use(file.owner), use(file.created_at), use(file.name), use(file.purpose),
        use(file.bytes);
    session << "INSERT INTO file_contents (file_id, content) VALUES (:id, :content)", use(file.id),
        use(text);
    return {};
  });
  if (added) return file;
  if (added.error().code != ErrorCode::Conflict) return std::unexpected(added.error());
  return fail(ErrorCode::Conflict,
              fmt::format("There is a file {} already: choose another id.", file.id));
}

Result<PageOf<File>> FileStore::list(std::string_view owner, std::string_view purpose,
                                     const Page& page) {
  return sessions_.read([&](soci::session& session) -> Result<PageOf<File>> {
    if (!page.after.empty()) {
      if (auto after = find_file(session, page.after, owner); !after) {
        return std::unexpected(after.error());
      }
    }
    return cut_page(files_after(session, owner, std::string(purpose), page), page);
  });
}

Result<File> FileStore::find(std::string_view id, std::string_view owner) {
  return sessions_.read([&](soci::session& session) { return find_file(session, id, owner); });
}

Result<std::string> FileStore::content(std::string_view id, std::string_view owner) {
  const Key key(id, owner);
  std::string text;
  const auto found = sessions_.read([&](soci::session& session) -> Result<void> {
    session << "SELECT content FROM file_contents JOIN files ON files.id = file_contents.file_id"
               " WHERE files.id = :id AND files.owner = :owner",
        into(text), use(key.id), use(key.owner);
    if (!session.got_data()) return unknown(id);
    return {};
  });
  if (!found) return std::unexpected(found.error());
  return from_base64(text);
}

Result<void> FileStore::erase(std::string_view id, std::string_view owner) {
  const Key key(id, owner);
  return sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed =
        changed_rows((session.prepare << "DELETE FROM files WHERE id = :id AND owner = :owner",
                      use(key.id), use(key.owner)));
    if (changed == 0) return unknown(id);
    return {};
  });
}

}  // namespace melete::store
