// `--ready-file`: tells whoever started the process that it is ready, and on which ports. One JSON object, there as a
// whole or not at all: {"pid":1,"listeners":{"smpp":{"address":"127.0.0.1","port":2775}},"data":"/..."}
#pragma once

#include <map>
#include <string>

#include "engine/server/endpoint.hpp"

namespace signalbox::server {

using listeners = std::map<std::string, endpoint>;  // by setting name: smpp, smpp_tls

result<void> write_ready_file(std::string const& path, listeners const& listening, std::string_view data = {});

}  // namespace signalbox::server
