#include <CLI/CLI.hpp>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/text/text_tool.hpp"

namespace signalbox::server {

namespace {

int answer_text(std::string const& file) {
  return answer_lines("text", file, "error", [](std::string_view line) {
    return line.find_first_not_of(" \t") == line.npos ? std::string() : text::text_tool(line);
  });
}

}  // namespace

void add_text(CLI::App& program, int& status) {
  auto* const text =
      program.add_subcommand("text", "Split, encode, decode and count message text: JSON lines in and out.");
  auto const file = std::make_shared<std::string>();
  auto const json = std::make_shared<bool>(true);
  text->add_option("FILE", *file, "JSON lines; the standard input without it, or as -");
  text->add_flag("--json", *json, "JSON lines, which is what it prints anyway");
  text->footer(std::string(text::text_tool_help()) +
               "\nExit status: 0 every line was answered; 1 a line had an error; 2 usage, or the file cannot be read;\n"
               "3 the answers cannot be written.");
  text->callback([file, json, &status] { status = answer_text(*file); });
}

}  // namespace signalbox::server
