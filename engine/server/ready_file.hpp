// `--ready-file`: tells whoever started the process that it is ready, and on which ports. One JSON object, there as a
// whole or not at all: {"pid":1,"listeners":{"smpp":{"address":"127.0.0.1","port":2775}},"data":"/..."}
// It is there while its process is ready: one left by an earlier process is removed at the start, our own at the end.
#pragma once

#include <map>
#include <string>

#include "engine/server/endpoint.hpp"

namespace signalbox::server {

using listeners = std::map<std::string, endpoint>;  // by setting name: smpp, smpp_tls

class ready_file {
 public:
  explicit ready_file(std::string path) : path_(std::move(path)) {}  // empty: none is wanted, nothing is done
  ~ready_file();                                                     // removes what write() wrote
  ready_file(ready_file const&) = delete;
  ready_file& operator=(ready_file const&) = delete;

  // Faults: errc::io.
  result<void> remove_stale();
  result<void> write(listeners const& listening, std::string_view data = {});

 private:
  std::string path_;
  bool written_ = false;
};

// What such a file says of one listener. Faults: errc::io, errc::corrupt.
result<endpoint> read_ready_file(std::string const& path, std::string const& listener);

}  // namespace signalbox::server
