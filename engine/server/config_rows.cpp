#include "engine/server/config.hpp"
#include "engine/server/endpoint.hpp"

namespace signalbox::server {

namespace {

using core::setting_kind;
using row = core::setting_row<server_settings>;
using value = std::string_view;

row text_row(std::string_view name, std::string_view help, std::string server_settings::* member) {
  return {name, setting_kind::text, help,
          [member](server_settings& s, value text) -> result<void> {
            s.*member = text;
            return {};
          },
          [member](server_settings const& s) { return s.*member; }};
}

row listener_row(std::string_view name, std::string_view help, std::string server_settings::* member) {
  return {name, setting_kind::text, help,
          [member](server_settings& s, value text) -> result<void> {
            if (!text.empty())
              if (auto const where = parse_listener(text); !where) return std::unexpected(where.error());
            s.*member = text;
            return {};
          },
          [member](server_settings const& s) { return s.*member; }};
}

result<void> refused(std::string_view expected) { return failed(errc::bad_value, 0, {}, std::string(expected)); }

}  // namespace

std::span<row const> server_rows() {
  static std::vector<row> const rows{
      listener_row("smpp", "address:port of the SMPP listener; port 0 takes any free one, \"\" turns it off",
                   &server_settings::smpp),
      listener_row("smpp_tls", "address:port of the SMPP listener with TLS; \"\" turns it off (3550 is usual)",
                   &server_settings::smpp_tls),
      text_row("certificate",
               "PEM file with the certificate chain for TLS; \"\" makes a self-signed one in the data directory",
               &server_settings::certificate),
      text_row("private_key", "PEM file with the certificate's private key", &server_settings::private_key),
      text_row("data", "directory of the message store; made with mode 0700, used by one process at a time",
               &server_settings::data),
      {"log_level", setting_kind::text, "least severity that is logged: debug, info, warning, error",
       [](server_settings& s, value text) -> result<void> {
         for (auto const level :
              {core::severity::debug, core::severity::info, core::severity::warning, core::severity::error})
           if (text == core::name_of(level)) {
             s.log_level = level;
             return {};
           }
         return refused("one of debug, info, warning, error");
       },
       [](server_settings const& s) { return std::string(core::name_of(s.log_level)); }},
      {"log_format", setting_kind::text, "plain or json; log lines go to the standard error",
       [](server_settings& s, value text) -> result<void> {
         if (text != "plain" && text != "json") return refused("plain or json");
         s.log_json = text == "json";
         return {};
       },
       [](server_settings const& s) { return std::string(s.log_json ? "json" : "plain"); }},
      {"drain_timeout_s", setting_kind::seconds, "how long SIGTERM waits for answers and unbinds, 0 to 3600",
       [](server_settings& s, value text) -> result<void> {
         std::uint32_t seconds = 0;
         for (char const c : text) {
           if (c < '0' || c > '9' || seconds > 3600) return refused("0 to 3600 seconds");
           seconds = seconds * 10 + static_cast<std::uint32_t>(c - '0');
         }
         if (text.empty() || seconds > 3600) return refused("0 to 3600 seconds");
         s.drain_timeout = std::chrono::seconds(seconds);
         return {};
       },
       [](server_settings const& s) {
         return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(s.drain_timeout).count());
       }},
  };
  return rows;
}

}  // namespace signalbox::server
