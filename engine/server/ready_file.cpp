#include "engine/server/ready_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/base/print.hpp"
#include "engine/server/data_directory.hpp"

namespace signalbox::server {

ready_file::~ready_file() {
  if (written_) unlink(path_.c_str());
}

result<void> ready_file::remove_stale() {
  if (path_.empty() || unlink(path_.c_str()) == 0 || errno == ENOENT) return {};
  return failed(errc::io, 0, {}, fmt::format("{}: {}", path_, std::strerror(errno)));
}

result<void> ready_file::write(listeners const& listening, std::string_view data) {
  if (path_.empty()) return {};
  std::string all;
  for (auto const& [name, where] : listening)
    all += fmt::format(R"({}"{}":{{"address":{},"port":{}}})", all.empty() ? "" : ",", name, json_quote(where.address),
                       where.port);
  auto text = fmt::format(R"({{"pid":{},"listeners":{{{}}})", getpid(), all);
  if (!data.empty()) text += fmt::format(R"(,"data":{})", json_quote(data));
  auto const done = write_atomically(path_, text + "}\n");
  written_ = done.has_value();
  return done;
}

result<endpoint> read_ready_file(std::string const& path, std::string const& listener) {
  auto const text = read_whole(path, 1 << 16);
  if (!text) return std::unexpected(text.error());
  auto const ready = nlohmann::json::parse(*text, nullptr, false);
  if (ready.is_discarded()) return failed(errc::corrupt, 0, path);
  auto const& where = ready.at("listeners").at(listener);
  return endpoint{where.at("address").get<std::string>(), where.at("port").get<std::uint16_t>()};
}

}  // namespace signalbox::server
