// See replay.hpp.
#include "scenarios/player/replay.hpp"

#include "scenarios/player/files.hpp"
#include "scenarios/player/parser.hpp"
#include "scenarios/player/pcapng.hpp"
#include "scenarios/player/report.hpp"
#include "scenarios/player/rewrite.hpp"

namespace signalbox::player {

namespace {

enum exit_status : int { all_passed = 0, check_failed = 1, usage = 2, no_environment = 3 };

constexpr std::size_t most_rewrites = 1000;  // of one file

class replaying {
 public:
  replaying(replay_options const& options, environment const& around) : options_(options), around_(around) {
    play_.seed = options.seed;
    if (options.wire)
      play_.wire = [this](core::settings const& configuration) {
        auto made = around_.wire(configuration);
        if (!made) environment_failed_ = true;
        return made;
      };
  }

  int run() {
    if (options_.rewrite && options_.wire) return complain("--rewrite goes with virtual time, not with --wire", usage);
    auto const paths = find_scenarios(options_.paths);
    if (!paths) return complain(describe(paths.error()), usage);
    if (paths->empty()) return complain("no scenario (*.scn) there", usage);
    for (auto const& path : *paths) {
      runs_.push_back(one(path));
      after(runs_.back());
      environment_failed_ = environment_failed_ || runs_.back().unreachable;
      if (environment_failed_) break;
    }
    around_.print(options_.json ? json(runs_) : table(runs_));
    if (!write_reports()) return no_environment;
    return status();
  }

 private:
  outcome one(std::string const& path) {
    auto const began = around_.stopwatch();
    auto text = read_file(path);
    if (!text) return unreadable(path, text.error());
    auto o = play_text(path, *text);
    for (std::size_t n = 0; options_.rewrite && n < most_rewrites && o.why; ++n) {
      auto const parsed = parse(path, *text, read_file);
      if (!parsed) break;
      auto const better = rewrite(*parsed, o);
      if (!better) break;
      *text = *better;
      if (auto const done = write_file(path, *text); !done) return unreadable(path, done.error());
      o = play_text(path, *text);
    }
    o.spent = around_.stopwatch() - began;
    return o;
  }

  outcome play_text(std::string const& path, std::string const& text) {
    auto const parsed = parse(path, text, read_file);
    if (parsed && parsed->load) {
      auto o = unreadable(path, {});
      o.complaints = {{parsed->files[parsed->load->at.file], parsed->load->at.line, parsed->load->at.column,
                       "a scenario of steps (this is a load scenario: signalbox load " + path + ")", "load"}};
      return o;
    }
    if (parsed) {
      auto o = play(*parsed, play_);
      if (options_.wire)
        o.repeat = "signalbox replay " + path + " --seed " + std::to_string(o.seed) + " " + options_.wire_words;
      return o;
    }
    outcome o;
    o.path = o.title = path;
    o.source = text;
    o.wire = options_.wire;
    o.result = verdict::error;
    o.complaints = parsed.error();
    o.repeat = "signalbox replay " + path;
    return o;
  }

  static outcome unreadable(std::string const& path, fault const& why) {
    outcome o;
    o.path = o.title = path;
    o.result = verdict::error;
    o.complaints.push_back({path, 1, 1, "a file that can be read", why.detail});
    return o;
  }

  // Failures are told as they happen; with --json they are in the object instead.
  void after(outcome& o) {
    if (!options_.trace.empty()) {
      auto const text = "# " + o.title + "\n" + trace_text(o) + "\n";
      if (options_.trace == "-")
        around_.print(text);
      else
        trace_ += text;
    }
    if (!options_.json) {
      if (auto const words = failure_text(o); !words.empty()) around_.print(words + "\n");
    }
    if (options_.html.empty() && options_.pcap.empty())
      o.trace.clear();  // thousands of scenarios need not stay in memory
  }

  bool write_reports() {
    auto const write = [&](std::string const& path, auto const& make) {
      if (path.empty()) return true;
      auto const done = write_file(path, make());
      if (!done) complain(path + ": " + describe(done.error()), no_environment);
      return done.has_value();
    };
    return write(options_.junit, [&] { return junit(runs_); }) && write(options_.html, [&] { return html(runs_); }) &&
           write(options_.pcap, [&] { return std::string(text_of(pcapng(runs_))); }) &&
           write(options_.trace == "-" ? std::string() : options_.trace, [&] { return trace_; });
  }

  int status() const {
    auto const t = count(runs_);
    if (environment_failed_) return no_environment;
    if (t.errors > 0) return usage;
    return t.failed > 0 ? check_failed : all_passed;
  }

  int complain(std::string const& words, int with) const {
    around_.complain(words);
    return with;
  }

  replay_options const& options_;
  environment const& around_;
  play_options play_;
  std::vector<outcome> runs_;
  std::string trace_;
  bool environment_failed_ = false;
};

}  // namespace

int replay(replay_options const& options, environment const& around) { return replaying(options, around).run(); }

}  // namespace signalbox::player
