#include "engine/server/ready_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/print.hpp"
#include "engine/server/data_directory.hpp"

namespace signalbox::server {

result<void> write_ready_file(std::string const& path, listeners const& listening, std::string_view data) {
  std::string all;
  for (auto const& [name, where] : listening)
    all += fmt::format(R"({}"{}":{{"address":{},"port":{}}})", all.empty() ? "" : ",", name, json_quote(where.address),
                       where.port);
  auto text = fmt::format(R"({{"pid":{},"listeners":{{{}}})", getpid(), all);
  if (!data.empty()) text += fmt::format(R"(,"data":{})", json_quote(data));
  return write_atomically(path, text + "}\n");
}

}  // namespace signalbox::server
