// The configuration of a server: defaults, then a TOML file, then SIGNALBOX_<TABLE>_<KEY> variables, then flags, each
// layer above the one before. Strict everywhere: what is not known is an error that names its place and what would be
// known there. Tables: [server], [smpp], [sms], and one [[esme]] per ESME. A fault's `detail` is the whole message,
// "file:line:column: what" for files.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/node.hpp"
#include "engine/core/settings.hpp"
#include "engine/server/store_choice.hpp"

namespace signalbox::server {

struct server_settings {
  std::string smpp = "127.0.0.1:2775";   // where to listen; empty = off
  std::string smpp_tls;                  // the same over TLS
  std::string certificate, private_key;  // PEM files for TLS; both empty = self-signed, made in the data directory
  std::string data = "signalbox-data";
  store_kind store = store_kind::automatic;
  core::severity log_level = core::severity::info;
  bool log_json = false;
  duration drain_timeout = 10s;
  bool operator==(server_settings const&) const = default;
};
std::span<core::setting_row<server_settings> const> server_rows();

// Where settings were given their values: "sms.max_validity_s", "esme[0].network" and "esme[0]", the table itself ->
// "my.toml:3:1", "--set", a variable's name. For messages only: the same settings from elsewhere are the same settings.
struct setting_places {
  std::map<std::string, std::string, std::less<>> of;
  bool operator==(setting_places const&) const { return true; }
};

struct configuration {
  server_settings server;
  core::settings engine;
  setting_places places;
  bool operator==(configuration const&) const = default;
};

inline constexpr std::size_t max_config_octets = 1 << 20;

// A whole file over `base`. Its [[esme]] tables are added to those of `base`.
result<configuration> parse(std::string_view text, std::string_view file_name, configuration base = {});

// One setting by name, "smpp.bind_timeout_ms"; `origin` opens the message of a fault ("--set", a variable's name).
result<void> set(configuration& all, std::string_view name, std::string_view value, std::string_view origin);

// Those of "NAME=value" that begin with SIGNALBOX_; the others are not ours and are left alone. SIGNALBOX_PROGRAM and
// SIGNALBOX_INTEROP_DIR, which conformance/interop gives to the processes it starts, are no settings.
result<void> overlay_environment(configuration& all, std::span<std::string const> variables);

// What no single setting can see: core::check, and certificate and private_key going together. The message begins with
// the place of the setting it complains about, or of the other one that does not fit, if either was given a value.
result<void> check(configuration const& all);

// Every setting with its help and its value, as a file that parse() reads back to the same configuration. What still
// has its default is commented out.
std::string print(configuration const& all);

}  // namespace signalbox::server
