#include "base/json.h"

#include <fmt/format.h>

#include <vector>

namespace melete {

namespace {

// Reads a document without building it, and stops where it would take long to build.
class Watch final : public nlohmann::json_sax<Json> {
 public:
  Watch(size_t bytes, JsonLimits limits)
      : limits_(limits), most_compares_(kFreeCompares + kComparesOfByte * bytes) {}

  // Empty: nothing stands against building it, unless its syntax is broken.
  const std::string& problem() const { return problem_; }

  bool start_object(size_t) override { return open(); }
  bool start_array(size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(Json::string_t& name) override {
    compares_ += members_.back()++ * (1 + name.size() / kBytesOfCompare);
    if (compares_ <= most_compares_) return true;
    problem_ = "An object of the JSON has too many members.";
    return false;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(Json::number_integer_t) override { return true; }
  bool number_unsigned(Json::number_unsigned_t) override { return true; }
  bool number_float(Json::number_float_t, const Json::string_t&) override { return true; }
  bool string(Json::string_t&) override { return true; }
  bool binary(Json::binary_t&) override { return true; }
  bool parse_error(size_t, const std::string&, const Json::exception&) override { return false; }

 private:
  // A member is compared with all before it, for objects keep their order: 14,000 are always free.
  static constexpr size_t kFreeCompares = 100'000'000;
  static constexpr size_t kComparesOfByte = 16;
  static constexpr size_t kBytesOfCompare = 64;

  bool open() {
    members_.push_back(0);
    if (static_cast<int>(members_.size()) <= limits_.depth) return true;
    problem_ = fmt::format("The JSON is nested deeper than {} levels.", limits_.depth);
    return false;
  }

  bool close() {
    members_.pop_back();
    return true;
  }

  const JsonLimits limits_;
  const size_t most_compares_;
  size_t compares_ = 0;
  std::vector<size_t> members_;  // so far, of each object and array that is open
  std::string problem_;
};

}  // namespace

// Twice over the text costs less than nlohmann's parser with a callback, which looks through the
// whole array after each object in it.
Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  Watch watch(text.size(), limits);
  Json::sax_parse(text, &watch);
  if (!watch.problem().empty()) return fail(ErrorCode::InvalidArgument, watch.problem());
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The JSON cannot be read at byte {}: {}", error.byte, error.what()));
  } catch (const Json::out_of_range& error) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The JSON holds a number that is too large: {}", error.what()));
  }
}

std::string write_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace melete
