#include "engine/core/node.hpp"

namespace signalbox::core {

std::string_view name_of(severity level) {
  switch (level) {
    case severity::debug:   return "debug";
    case severity::info:    return "info";
    case severity::warning: return "warning";
    case severity::error:   return "error";
  }
  return "?";
}

octets& effects::to(connection_id id) {
  if (send.empty() || send.back().to != id) send.push_back({id, {}});
  return send.back().data;
}

bool effects::empty() const {
  return send.empty() && connect.empty() && flow.empty() && close.empty() && !store && notices.empty();
}

void effects::clear() { *this = {}; }

}  // namespace signalbox::core
