// Reads the fields of a JSON object one by one, with their types and limits, and names the field to
// blame as the caller spells it: `messages[2].content[0].image_url.url`.
//
// Errors are sticky: after the first one every reader of the same document goes on giving nothing,
// so that a list of fields reads like a table and the error is looked at once, at its end.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace melete::api {

// The first error in one document; empty while all is well.
using FirstError = std::optional<Error>;

struct NumberRange {
  double low = 0;
  double high = 0;
};

struct IntegerRange {
  int64_t low = 0;
  int64_t high = 0;
};

struct TextLimits {
  size_t least_bytes = 0;
  size_t most_bytes = SIZE_MAX;
};

struct ArrayLimits {
  size_t least = 0;
  size_t most = SIZE_MAX;
};

// A view of one object: neither `object` nor `error` is owned, both must outlive it. A field that
// is null counts as absent.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string path, FirstError& error);

  // Each gives nothing where the field is absent or wrong; a wrong one becomes the document's
  // error.
  std::optional<double> number(std::string_view name, NumberRange range);
  std::optional<int64_t> integer(std::string_view name, IntegerRange range);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::string> text(std::string_view name, TextLimits limits = {});
  std::optional<ObjectReader> object(std::string_view name);
  const Json* array(std::string_view name, ArrayLimits limits = {});

  // An array of texts, each within `limits`.
  std::vector<std::string> texts(std::string_view name, ArrayLimits count, TextLimits limits);

  // One of the texts in `allowed`.
  std::optional<std::string> choice(std::string_view name,
                                    const std::vector<std::string_view>& allowed);

  // Whatever the field holds, or null where it is absent.
  const Json* any(std::string_view name) const;

  // Makes the absence of a field an error.
  void require(std::string_view name);

  // Makes `message` the document's error unless there is one already; it should be a whole
  // sentence.
  void refuse(ErrorCode code, std::string_view name, std::string message);

  const Json& json() const { return *object_; }
  FirstError& error() { return *error_; }
  std::string path_of(std::string_view name) const;

 private:
  void wrong_type(std::string_view name, std::string_view wanted);

  const Json* object_;
  std::string path_;  // of the object; empty at the top
  FirstError* error_;
};

// The reader of element `index` of the array at `path`; nothing where it is not an object.
std::optional<ObjectReader> element_reader(const Json& array, size_t index, ObjectReader& owner,
                                           std::string_view name);

}  // namespace melete::api
