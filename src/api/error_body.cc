#include "api/error_body.h"

namespace melete::api {

namespace {

std::string_view type_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unauthorized:
      return "authentication_error";
    case ErrorCode::Forbidden:
      return "permission_error";
    case ErrorCode::RateLimited:
      return "rate_limit_error";
    default:
      return http_status(error.code) < 500 ? "invalid_request_error" : "server_error";
  }
}

std::string_view code_of(const Error& error) {
  const bool missing = error.code == ErrorCode::NotFound;
  if (missing && error.parameter == "model") return "model_not_found";
  if (missing && error.parameter == "previous_response_id") return "previous_response_not_found";
  return name_of(error.code);
}

}  // namespace

Json openai_error(const Error& error) {
  Json object;
  object["message"] = error.message;
  object["type"] = type_of(error);
  object["param"] = error.parameter.empty() ? Json(nullptr) : Json(error.parameter);
  object["code"] = code_of(error);
  return object;
}

std::string openai_error_body(const Error& error) {
  Json body;
  body["error"] = openai_error(error);
  return write_json(body);
}

}  // namespace melete::api
