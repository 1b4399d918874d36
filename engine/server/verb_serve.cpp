#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/server/serve.hpp"

namespace signalbox::server {

namespace {

struct flag_of_setting {
  char const* flag;
  char const* setting;
  char const* help;
};
constexpr flag_of_setting flags[] = {
    {"--data", "server.data", "directory of the message store"},
    {"--smpp", "server.smpp", "address:port of the SMPP listener; port 0 takes any free one"},
    {"--smpp-tls", "server.smpp_tls", "address:port of the SMPP listener with TLS"},
    {"--log-level", "server.log_level", "debug, info, warning or error"},
    {"--log-format", "server.log_format", "plain or json"},
};

int run(serve_options const& options, bool print_config) {
  if (!print_config) return serve(options);
  auto const settings = load_configuration(options);
  if (!settings) return complain("serve", settings.error().detail, status_usage);
  return say("serve", print(*settings)) ? status_passed : status_environment;
}

}  // namespace

void add_serve(CLI::App& program, int& status) {
  auto* const verb = program.add_subcommand("serve", "Run the engine on real ports, with its store in one directory.");
  auto const options = std::make_shared<serve_options>();
  auto const print_config = std::make_shared<bool>(false);
  verb->add_option("--config", options->config_file, "TOML file; without it, two demonstration ESMEs may bind");
  for (auto const& f : flags) {
    std::string const setting = f.setting;
    verb->add_option_function<std::string>(
        f.flag, [options, setting](std::string const& value) { options->flags.emplace_back(setting, value); }, f.help);
  }
  verb->add_option("--set", options->settings, "TABLE.KEY=VALUE: any setting, may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--ready-file", options->ready_file, "there while the listeners are open: JSON with pid and ports");
  verb->add_flag("--print-config", *print_config, "print every setting with its help and value, and end");
  verb->add_flag("--json", options->json, "the words of greeting as one JSON object");
  verb->footer(
      "Settings come from the defaults, then the file, then SIGNALBOX_<TABLE>_<KEY> variables (such as\n"
      "SIGNALBOX_SMPP_BIND_TIMEOUT_MS=5000), then flags; later ones win. An unknown name is an error.\n"
      "SIGTERM and SIGINT: stop accepting, answer what is in flight, unbind everybody, commit, end; a second\n"
      "one ends at once. SIGHUP: read the configuration again.\n"
      "Exit status: 0 drained and ended; 1 ended before everything was answered; 2 usage or configuration\n"
      "error; 3 environment (port taken, data directory in use, store or certificate unreadable).");
  verb->callback([=, &status] {
    for (char** variable = environ; *variable != nullptr; ++variable) options->environment.emplace_back(*variable);
    status = run(*options, *print_config);
  });
}

}  // namespace signalbox::server
