#include "api/order.h"

#include <utility>

namespace melete::api {

runs::Order order_of(Call call, std::string owner) {
  call.request.caller.key = owner;
  return {.id = std::move(call.id),
          .owner = std::move(owner),
          .request = std::move(call.request),
          .writer = std::move(call.writer),
          .form = call.stream ? runs::Form::Frames : runs::Form::Whole,
          .record = std::move(call.record)};
}

}  // namespace melete::api
