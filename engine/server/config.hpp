// The configuration of a server: defaults, then a TOML file, then SIGNALBOX_<TABLE>_<KEY> variables, then flags, each
// layer above the one before. Strict everywhere: what is not known is an error that names its place and what would be
// known there. Tables: [server], [smpp], [sms], and one [[esme]] per ESME. A fault's `detail` is the whole message,
// "file:line:column: what" for files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/node.hpp"
#include "engine/core/settings.hpp"

namespace signalbox::server {

struct server_settings {
  std::string smpp = "127.0.0.1:2775";   // where to listen; empty = off
  std::string smpp_tls;                  // the same over TLS
  std::string certificate, private_key;  // PEM files for TLS; both empty = self-signed, made in the data directory
  std::string data = "signalbox-data";
  core::severity log_level = core::severity::info;
  bool log_json = false;
  duration drain_timeout = 10s;
  bool operator==(server_settings const&) const = default;
};
std::span<core::setting_row<server_settings> const> server_rows();

struct configuration {
  server_settings server;
  core::settings engine;
  bool operator==(configuration const&) const = default;
};

inline constexpr std::size_t max_config_octets = 1 << 20;

// A whole file over `base`. Its [[esme]] tables are added to those of `base`.
result<configuration> parse(std::string_view text, std::string_view file_name, configuration base = {});

// One setting by name, "smpp.bind_timeout_ms"; `origin` opens the message of a fault ("--set", a variable's name).
result<void> set(configuration& all, std::string_view name, std::string_view value, std::string_view origin);

// Those of "NAME=value" that name one of our tables; the others are not ours and are left alone.
result<void> overlay_environment(configuration& all, std::span<std::string const> variables);

// What no single setting can see: core::check, and certificate and private_key going together.
result<void> check(configuration const& all);

// Every setting with its help and its value, as a file that parse() reads back to the same configuration. What still
// has its default is commented out.
std::string print(configuration const& all);

}  // namespace signalbox::server
