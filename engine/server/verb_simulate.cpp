#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "engine/core/setting_rows.hpp"
#include "engine/server/cli.hpp"
#include "engine/server/simulate.hpp"

namespace signalbox::server {

namespace {

// One flag per row, "mobile_count" as --mobile-count. A flag of the yes/no kind may stand alone, for yes.
template <class Owner>
void add_rows(CLI::App& verb, std::span<core::setting_row<Owner> const> rows, std::shared_ptr<Owner> const& owner) {
  Owner const standard = *owner;
  for (auto const& row : rows) {
    std::string flag = "--" + std::string(row.name);
    std::replace(flag.begin(), flag.end(), '_', '-');
    auto const value = row.get(standard);
    bool const yes_no = row.kind == core::setting_kind::flag;
    auto* const option = verb.add_option_function<std::string>(
        flag,
        [&row, flag, owner, yes_no](std::string const& text) {
          auto const done = row.set(*owner, yes_no && text.empty() ? "yes" : text);
          if (!done) throw CLI::ValidationError(flag, done.error().detail + " is expected, not \"" + text + "\"");
        },
        std::string(row.help) + (value.empty() ? "" : " [" + value + "]"));
    if (yes_no)
      option->expected(0, 1)->type_name("yes|no");
    else
      option->type_name(row.kind == core::setting_kind::number ? "NUMBER" : "TEXT");
  }
}

std::shared_ptr<simulate_options> add_common(CLI::App& verb) {
  auto const options = std::make_shared<simulate_options>();
  add_duration(verb, "--duration", "10s or 1m30s", "End after this long.",
               [options](duration d) { options->limit = d; });
  add_duration(verb, "--stay", "10s or 1m30s", "Go on for so long after the last answer.",
               [options](duration d) { options->stay = d; });
  add_seed(verb, options->seed, "Seed of everything drawn by chance.");
  verb.add_option("--ready-file", options->ready_file, "Written once it is ready: JSON with pid and ports.");
  verb.add_flag("--json", options->json, "The summary as one JSON object.");
  return options;
}

void add_endpoint(CLI::App& verb, std::string const& flag, std::string const& help,
                  result<endpoint> (*parse)(std::string_view), std::shared_ptr<simulate_options> const& options) {
  verb.add_option_function<std::string>(
          flag,
          [=](std::string const& text) {
            auto const where = parse(text);
            if (!where) throw CLI::ValidationError(flag, where.error().detail);
            options->where = *where;
          },
          help + " [" + to_text(options->where) + "]")
      ->type_name("ADDRESS:PORT");
}

void add_esme(CLI::App& simulate, int& status) {
  auto* const verb = simulate.add_subcommand("esme", "SMPP clients that bind, submit and answer what is delivered.");
  auto const options = add_common(*verb);
  auto const each = std::make_shared<simulators::esme_options>();
  auto const sessions = std::make_shared<std::size_t>(1);
  each->journal_limit = 0;  // nobody reads it here, and it costs a decode per PDU
  each->count_duplicates = false;
  add_endpoint(*verb, "--connect", "The system under test.", parse_peer, options);
  verb->add_flag("--tls", options->tls, "Speak TLS; the certificate is not checked.");
  verb->add_option("--sessions", *sessions, "How many bind; they share --count and --rate. [1]")
      ->check(CLI::Range(1, 100'000));
  add_rows(*verb, simulators::esme_rows(), each);
  verb->footer(
      "Without --count it stays bound until --duration is over or SIGTERM comes. The summary tells accepted messages\n"
      "per second of the burst: from its first request to its last answer.\n"
      "Exit status: 0 all of --count was answered (or none was asked for); 1 it was not; 2 usage; 3 the peer cannot\n"
      "be reached or refused the bind.");
  verb->callback([=, &status] { status = simulate_esmes(*each, *sessions, *options); });
}

void add_smsc(CLI::App& simulate, int& status) {
  auto* const verb = simulate.add_subcommand("smsc", "A message centre that answers, delivers and makes receipts.");
  auto const options = add_common(*verb);
  auto const one = std::make_shared<simulators::smsc_options>();
  one->journal_limit = 0;
  add_endpoint(*verb, "--listen", "Where to listen; port 0 takes any free one.", parse_listener, options);
  add_rows(*verb, simulators::smsc_rows(), one);
  verb->footer(
      "Without --mobile-count it runs until --duration is over or SIGTERM comes.\n"
      "Exit status: 0 done; 1 --mobile-count was not reached; 2 usage; 3 the port is taken.");
  verb->callback([=, &status] { status = simulate_smsc(*one, *options); });
}

}  // namespace

void add_simulate(CLI::App& program, int& status) {
  auto* const verb = program.add_subcommand("simulate", "Run one simulator on real ports.");
  verb->require_subcommand(1);
  add_esme(*verb, status);
  add_smsc(*verb, status);
}

}  // namespace signalbox::server
