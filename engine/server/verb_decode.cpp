#include <CLI/CLI.hpp>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/smpp/decode_tool.hpp"

namespace signalbox::server {

namespace {

int decode_smpp(std::string const& file) {
  return answer_lines("decode smpp", file, "fault", [](std::string_view line) {
    auto const nothing = line.find_first_not_of(" \t") == line.npos || line.starts_with('#');
    return nothing ? std::string() : smpp::decode_line(line);
  });
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
               "Exit status: 0 every line was decoded; 1 a line had a fault; 2 usage, or the file cannot be read;\n"
               "3 the answers cannot be written.");
  smpp->callback([file, json, &status] { status = decode_smpp(*file); });
}

}  // namespace signalbox::server
