#include "engine/server/config.hpp"
#include "engine/server/endpoint.hpp"

namespace signalbox::server {

namespace {

namespace rows = core::rows;
using row = core::setting_row<server_settings>;

row listener(std::string_view name, std::string server_settings::* member, std::string_view help) {
  auto const check = [](std::string_view text) -> result<void> {
    if (text.empty()) return {};
    if (auto const where = parse_listener(text); !where) return std::unexpected(where.error());
    return {};
  };
  return rows::checked(check, rows::text(name, member, help));
}

result<core::severity> read_severity(std::string_view text) {
  std::string all;
  for (auto const level :
       {core::severity::debug, core::severity::info, core::severity::warning, core::severity::error}) {
    if (text == core::name_of(level)) return level;
    (all += all.empty() ? "one of " : ", ") += core::name_of(level);
  }
  return failed(errc::bad_value, 0, {}, all);
}

constexpr code_name stores[] = {{static_cast<std::uint32_t>(store_kind::automatic), "auto", ""},
                                {static_cast<std::uint32_t>(store_kind::log), "log", ""},
                                {static_cast<std::uint32_t>(store_kind::sqlite), "sqlite", ""}};
constexpr code_name formats[] = {{false, "plain", ""}, {true, "json", ""}};

}  // namespace

std::span<row const> server_rows() {
  using s = server_settings;
  static std::vector<row> const all{
      listener("smpp", &s::smpp, "Address:port of the SMPP listener; port 0 takes any free one, \"\" turns it off."),
      listener("smpp_tls", &s::smpp_tls,
               "Address:port of the SMPP listener with TLS; \"\" turns it off (3550 is usual)."),
      rows::text("certificate", &s::certificate,
                 "PEM file with the certificate chain for TLS; \"\" makes a self-signed one in the data directory."),
      rows::text("private_key", &s::private_key, "PEM file with the certificate's private key."),
      rows::text("data", &s::data,
                 "Directory of the message store; made with mode 0700, used by one process at a time."),
      rows::choice("store", &s::store, stores,
                   "How messages are kept: log, sqlite, or auto (log, unless only messages.db is there)."),
      rows::custom("log_level", core::setting_kind::text, &s::log_level, read_severity, core::name_of,
                   "Least severity that is logged: debug, info, warning, error."),
      rows::choice("log_format", &s::log_json, formats, "plain or json; log lines go to the standard error."),
      rows::seconds("drain_timeout_s", &s::drain_timeout, 0, 3600, "How long SIGTERM waits for answers and unbinds."),
  };
  return all;
}

}  // namespace signalbox::server
