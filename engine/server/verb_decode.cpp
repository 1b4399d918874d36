#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/smpp/decode_tool.hpp"

namespace signalbox::server {

namespace {

int decode_smpp(std::string const& file) {
  bool faulty = false;
  bool const read = for_each_line(file, [&](std::string_view line) {
    if (line.find_first_not_of(" \t") == line.npos || line.starts_with('#')) return;
    auto const object = smpp::decode_line(line);
    faulty = faulty || object.starts_with("{\"fault\":");
    std::puts(object.c_str());
  });
  if (!read) return complain("decode smpp", "cannot read " + file, status_usage);
  return faulty ? status_check_failed : status_passed;
}

}  // namespace

void add_decode(CLI::App& program, int& status) {
  auto* const decode = program.add_subcommand("decode", "Print captured octets as the fields of a protocol.");
  decode->require_subcommand(1);
  auto* const smpp = decode->add_subcommand("smpp", "SMPP PDUs in hex, one a line -> one JSON object a line.");
  auto const file = std::make_shared<std::string>();
  auto const json = std::make_shared<bool>(true);
  smpp->add_option("FILE", *file, "lines of hex; the standard input without it, or as -");
  smpp->add_flag("--json", *json, "JSON lines, which is what it prints anyway");
  smpp->footer(std::string(smpp::help()) +
               "\nEmpty lines and lines that start with # are skipped.\n"
               "Exit status: 0 every line was decoded; 1 a line had a fault; 2 usage, or the file cannot be read.");
  smpp->callback([file, json, &status] { status = decode_smpp(*file); });
}

}  // namespace signalbox::server
