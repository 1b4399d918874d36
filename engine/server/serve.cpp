#include "engine/server/serve.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

#include "engine/base/print.hpp"
#include "engine/core/engine.hpp"
#include "engine/server/cli.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/data_directory.hpp"
#include "engine/server/demo.hpp"
#include "engine/server/host.hpp"
#include "engine/server/ready_file.hpp"
#include "engine/server/store_choice.hpp"

namespace signalbox::server {

namespace {

constexpr duration last_words = 1s;  // after the drain, for closing connections to be closed by their peers too

void raise_descriptor_limit(log& words) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) words.warning("the limit of open files stays as it is");
}

class process {
 public:
  process(serve_options const& options, configuration settings, data_directory place, bool demo)
      : options_(options), settings_(std::move(settings)), place_(std::move(place)), demo_(demo) {
    words_.set(settings_.server.log_level, settings_.server.log_json ? log_format::json : log_format::plain);
  }

  int run();

 private:
  bool open_store();
  bool restore();
  bool listen();
  result<tls_context> make_tls();
  bool take_certificate();
  void greet() const;
  void signalled(int number);
  void reload();
  void drain();
  void look_whether_drained();
  bool fails(fault const& why) {
    words_.error("{}", why.detail.empty() ? describe(why) : why.detail);
    return false;
  }

  serve_options const& options_;
  configuration settings_;
  data_directory place_;
  bool demo_;
  log words_;
  system_entropy chance_;
  std::unique_ptr<storage::message_store> store_;
  tls_context tls_;  // null: nothing listens with TLS
  loop loop_;
  std::unique_ptr<core::engine> engine_;
  std::unique_ptr<host> host_;
  listeners listening_;
  bool draining_ = false, drained_ = false;
  int status_ = status_passed;
};

int process::run() {
  ready_file ready(options_.ready_file);
  if (auto const gone = ready.remove_stale(); !gone) return fails(gone.error()), status_environment;
  raise_descriptor_limit(words_);
  if (!open_store() || !take_certificate()) return status_environment;
  engine_ = std::make_unique<core::engine>(settings_.engine, chance_);
  host_ = std::make_unique<host>(loop_, *engine_, store_.get(), words_,
                                 host_options{.max_connections = settings_.engine.smpp.max_connections});
  if (!restore()) return status_environment;
  // Signals are taken before anybody is told that we are ready.
  loop_.on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int number) { signalled(number); });
  host_->act([this](moment at, core::effects& out) { engine_->start(at, out); });
  if (!listen()) return status_environment;
  if (auto const written = ready.write(listening_, place_.path()); !written)
    return fails(written.error()), status_environment;
  greet();
  loop_.run();
  words_.info("ended");
  host_.reset();  // the writer thread ends before the store does
  return status_;
}

bool process::open_store() {
  auto opened = server::open_store(place_.path(), settings_.server.store);
  if (!opened) return words_.error("message store: {}", describe(opened.error())), false;
  for (auto const& each : opened->damage)
    if (each.code == errc::truncated)  // the end of a process that was killed: nobody was told that it was stored
      words_.info("message store: {}", describe(each));
    else
      words_.error("message store: {}", describe(each));
  if (!opened->ignored.empty()) words_.warning("{} is there, too, and is not read", opened->ignored);
  store_ = std::move(opened->store);
  return true;
}

// A store whose keys cannot be read to the end is served by nobody: what was not read would never be delivered, and its
// ids would be given out again. A single record that the engine refuses is another matter; it is logged and stays.
bool process::restore() {
  std::size_t records = 0;
  auto const loaded = storage::load_if(
      *store_,
      [&](storage::key where) {
        ++records;
        return engine_->announce(where);
      },
      [&](storage::key where, octet_view value) {
        if (auto const done = engine_->restore(where, value); !done)
          words_.error("record {}/{} cannot be read and stays where it is: {}", where.kind, where.id,
                       describe(done.error()));
      });
  if (!loaded)
    return words_.error("message store {} cannot be read whole: {}; nothing is served from it", place_.path(),
                        describe(loaded.error())),
           false;
  if (records > 0) words_.info("{} records in the store", records);
  return true;
}

result<tls_context> process::make_tls() {
  auto certificate = settings_.server.certificate, key = settings_.server.private_key;
  if (certificate.empty()) {
    certificate = place_.file("certificate.pem");
    key = place_.file("private_key.pem");
    if (auto const made = ensure_self_signed(certificate, key); !made) return std::unexpected(made.error());
  }
  return make_tls_server(certificate, key);
}

// Before any listener opens, so that a certificate that cannot be used is nobody's broken connection.
bool process::take_certificate() {
  if (settings_.server.smpp_tls.empty()) return true;
  auto const made = make_tls();
  if (!made) return fails(made.error());
  tls_ = *made;
  return true;
}

bool process::listen() {
  for (auto const& [name, text, secure] :
       {std::tuple{"smpp", settings_.server.smpp, false}, std::tuple{"smpp_tls", settings_.server.smpp_tls, true}}) {
    if (text.empty()) continue;
    auto const where = parse_listener(text);
    if (!where) return fails(where.error());
    auto const taken = host_->listen(core::service::smpp, *where, secure ? tls_ : tls_context{});
    if (!taken) return fails(taken.error());
    listening_.emplace(name, *taken);
    words_.info("{} listens on {}", name, to_text(*taken));
  }
  return true;
}

// For the person who started it: where to connect, and as whom.
void process::greet() const {
  if (options_.json) {
    std::string where;
    for (auto const& [name, at] : listening_)
      where += fmt::format(R"({}"{}":{})", where.empty() ? "" : ",", name, json_quote(to_text(at)));
    std::printf("{\"ready\":true,\"pid\":%d,\"listeners\":{%s},\"data\":%s}\n", getpid(), where.c_str(),
                json_quote(place_.path()).c_str());
    std::fflush(stdout);
    return;
  }
  auto text = fmt::format("signalbox {} is ready\n", program_version);
  for (auto const& [name, at] : listening_) text += fmt::format("  {:<9} {}\n", name, to_text(at));
  text += fmt::format("  {:<9} {}\n", "data", place_.path());
  if (demo_) {
    text +=
        fmt::format("No configuration was given, so two demonstration ESMEs may bind ({}):\n", place_.file(demo_file));
    for (auto const& e : settings_.engine.esmes)
      text += fmt::format("  system_id {:<6} password {}\n", e.login(), e.password);
    if (auto const at = listening_.find("smpp"); at != listening_.end() && settings_.engine.esmes.size() == 2) {
      auto const& demo = settings_.engine.esmes[0];
      auto const& phone = settings_.engine.esmes[1];
      text += fmt::format(
          "Try it in two other shells:\n"
          "  signalbox simulate esme --connect {0} --system-id {1} --password {2} --duration 60s\n"
          "  signalbox simulate esme --connect {0} --system-id {3} --password {4} --count 10 --text 'Hello {{n}}'\n",
          to_text(at->second), phone.login(), phone.password, demo.login(), demo.password);
    }
  }
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// -- signals ------------------------------------------------------------------------------------------------------

void process::signalled(int number) {
  if (number == SIGHUP) return reload();
  if (!draining_) return drain();
  words_.warning("ended before everything was answered");
  status_ = status_check_failed;
  loop_.stop();
}

void process::drain() {
  draining_ = true;
  words_.info("draining: no new connections, answering what is in flight");
  host_->stop_accepting();
  host_->after_each([this] { look_whether_drained(); });
  loop_.after(settings_.server.drain_timeout, [this] {
    if (drained_) return;
    words_.warning("drain_timeout_s is over before everything was answered, {} connections are left",
                   host_->connections());
    status_ = status_check_failed;
    loop_.stop();
  });
  host_->act([this](moment at, core::effects& out) { engine_->drain(at, out); });
}

void process::look_whether_drained() {
  if (!engine_->drained()) return;
  if (!drained_) {
    drained_ = true;
    loop_.after(last_words, [this] { loop_.stop(); });
  }
  if (host_->connections() == 0) loop_.stop();
}

void process::reload() {
  auto fresh = load_configuration(options_);
  if (fresh && demo_) fresh = with_demo_esmes(std::move(*fresh), place_.file(demo_file), chance_);
  if (fresh)
    if (auto const fine = check(*fresh); !fine) fresh = std::unexpected(fine.error());
  if (!fresh) {
    words_.error("the configuration stays as it is: {}", fresh.error().detail);
    return;
  }
  auto const before = std::exchange(settings_, std::move(*fresh));
  if (before.server.smpp != settings_.server.smpp || before.server.smpp_tls != settings_.server.smpp_tls ||
      before.server.data != settings_.server.data)
    words_.warning("changed listeners and data directory take effect at the next start");
  words_.set(settings_.server.log_level, settings_.server.log_json ? log_format::json : log_format::plain);
  host_->set_max_connections(settings_.engine.smpp.max_connections);
  if (listening_.contains("smpp_tls")) {
    if (auto tls = make_tls())
      host_->replace_tls(*tls);
    else
      words_.error("the certificate stays as it is: {}", tls.error().detail);
  }
  host_->act([this](moment at, core::effects& out) { engine_->reload(settings_.engine, at, out); });
  words_.info("configuration read again");
}

}  // namespace

result<configuration> load_configuration(serve_options const& options) {
  configuration all;
  if (!options.config_file.empty()) {
    auto const text = read_whole(options.config_file, max_config_octets);
    if (!text) return std::unexpected(text.error());
    auto read = parse(*text, options.config_file);
    if (!read) return read;
    all = std::move(*read);
  }
  if (auto const done = overlay_environment(all, options.environment); !done) return std::unexpected(done.error());
  for (auto const& assignment : options.settings) {
    auto const equals = assignment.find('=');
    if (equals == assignment.npos)
      return failed(errc::bad_syntax, 0, {}, fmt::format("--set {}: write it as TABLE.KEY=VALUE", assignment));
    auto const name = assignment.substr(0, equals);
    if (auto const done = set(all, name, assignment.substr(equals + 1), "--set " + name); !done)
      return std::unexpected(done.error());
  }
  for (auto const& [name, value] : options.flags)
    if (auto const done = set(all, name, value, "flag for " + name); !done) return std::unexpected(done.error());
  if (auto const fine = check(all); !fine) return std::unexpected(fine.error());
  return all;
}

int serve(serve_options const& options) {
  auto settings = load_configuration(options);
  if (!settings) return complain("serve", settings.error().detail, status_usage);
  auto place = data_directory::open(settings->server.data);
  if (!place) return complain("serve", place.error().detail, status_environment);
  bool const demo = options.config_file.empty();
  if (demo) {
    system_entropy chance;
    settings = with_demo_esmes(std::move(*settings), place->file(demo_file), chance);
    if (!settings) return complain("serve", settings.error().detail, status_environment);
  }
  return process(options, std::move(*settings), std::move(*place), demo).run();
}

}  // namespace signalbox::server
