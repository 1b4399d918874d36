#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/text/text_tool.hpp"

namespace signalbox::server {

namespace {

int answer_lines(std::string const& file) {
  bool faulty = false;
  bool const read = for_each_line(file, [&](std::string_view line) {
    if (line.find_first_not_of(" \t") == line.npos) return;
    auto const object = text::text_tool(line);
    faulty = faulty || object.starts_with("{\"error\":");
    std::puts(object.c_str());
  });
  if (!read) return complain("text", "cannot read " + file, status_usage);
  return faulty ? status_check_failed : status_passed;
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
               "\nExit status: 0 every line was answered; 1 a line had an error; 2 usage, or the file cannot be read.");
  text->callback([file, json, &status] { status = answer_lines(*file); });
}

}  // namespace signalbox::server
