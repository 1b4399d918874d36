// A scenario file as values: what stands in it, each thing with its place, so that every later complaint can name file,
// line and column. scenarios/README.md describes the language; parser.hpp makes these values; player.hpp plays them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/settings.hpp"
#include "engine/smpp/messages.hpp"
#include "simulators/esme/options.hpp"
#include "simulators/load/plan.hpp"
#include "simulators/smsc/options.hpp"

namespace signalbox::player {

struct place {
  std::size_t file = 0;    // index into scenario::files
  std::size_t line = 1;    // from 1
  std::size_t column = 1;  // from 1, in characters
  std::size_t offset = 0;  // in octets, from the start of the file
  bool operator==(place const&) const = default;
};

// Part of a value: text as it stands, or a name to be looked up when the step is played.
struct piece {
  enum class kind : std::uint8_t { text, variable, binding } what = kind::text;
  std::string text;
  bool operator==(piece const&) const = default;
};

struct value {
  place at;
  std::size_t length = 0;  // octets in the file, quotes included
  std::vector<piece> pieces;
  bool quoted = false;

  bool fixed() const;                          // nothing left to look up
  std::string literal() const;                 // the text; variables as they were written
  std::optional<std::string> binding() const;  // the name, when the value is `$name`
};

enum class comparison : std::uint8_t { equal, unequal, less, at_most, more, at_least, matches, differs };
std::string_view sign_of(comparison how);

struct argument {  // name=value
  place at;
  std::string name;
  comparison how = comparison::equal;
  value what;
};

// When a step happens: for a send one time, for an expectation the earliest and the latest.
struct timing {
  enum class origin : std::uint8_t { none, previous, start } from = origin::none;
  duration earliest{};
  duration latest{};  // equal to earliest unless a window is written
  bool window = false;
  std::optional<duration> tolerance;  // `within`
  place at;
  std::size_t length = 0;
};

// -- steps -------------------------------------------------------------------------------------------------------

namespace act {
struct send {  // ACTOR -> MESSAGE
  std::string actor;
  smpp::command_id message{};
  std::vector<argument> fields;
  std::string label, answer_to;  // as=, to=
  std::uint32_t repeat = 1;
};
struct command {  // ACTOR -> connect | close | octets 0x...
  enum class verb : std::uint8_t { connect, close, octets } what{};
  std::string actor;
  octets data;
};
struct expect {  // ACTOR <- MESSAGE
  std::string actor;
  smpp::command_id message{};
  std::vector<argument> fields;
  std::string label, answer_to;
  std::uint32_t repeat = 1;
  bool unordered = false;
  place message_at;  // of the message word
};
struct expect_closed {
  std::string actor;
};
struct expect_nothing {
  std::string actor;
};
struct fault {
  place at;
  std::string name;
  std::vector<std::string> words;
};
struct check {  // then ...
  enum class kind : std::uint8_t { store_holds, counters, received, nothing_else, trace_contains, trace_lacks } what{};
  enum class patience : std::uint8_t { at_once, within, throughout } how = patience::at_once;
  duration during{};
  std::uint64_t low = 0, high = 0;  // store_holds, received
  std::string actor;                // received
  smpp::command_id message{};       // received
  std::vector<argument> counters;
  value text;  // trace_contains, trace_lacks
};
}  // namespace act

struct step {
  place at;
  std::string text;  // the line without indentation and comment
  timing when;
  std::variant<act::send, act::command, act::expect, act::expect_closed, act::expect_nothing, act::fault, act::check>
      what;
};

// -- who takes part ----------------------------------------------------------------------------------------------

struct esme_plan {
  place at;
  std::string name;
  bool binds_first = true;  // connects and binds before the first step
  std::string target;       // a simulated SMSC by name; empty: the system under test
  simulators::esme_options options;
};

struct smsc_plan {
  place at;
  std::string name;
  simulators::smsc_options options;
};

struct link_plan {  // the weather of an actor's connections: faults that hold from the start
  place at;
  std::string actor;
  std::string name;   // "delay"
  std::string value;  // "20ms"; empty for a word alone
};

// What makes a file a load scenario: it is for `signalbox load`, and has no steps.
struct load_part {
  place at;            // of its first line
  std::string target;  // HOST:PORT of somebody else's system; empty: an engine of our own
  load::plan plan;     // its actors are the file's ESMEs, but for unbound ones
};

struct scenario {
  std::string path;
  std::vector<std::string> files;  // [0] is the file itself, then what it includes
  std::string source;              // the file's text

  std::string title;  // first comment line; the path when there is none
  std::string from;
  enum class level_kind : std::uint8_t { must, should } level = level_kind::must;
  std::uint64_t seed = 1;
  bool wire = true;
  std::string wire_reason;  // why not
  duration limit = std::chrono::hours{24 * 30};

  core::settings engine;
  std::optional<wall> date;
  std::vector<esme_plan> esmes;
  std::vector<smsc_plan> smscs;
  std::vector<link_plan> links;
  std::vector<step> steps;
  std::optional<load_part> load;
};

inline constexpr std::size_t max_file_octets = 1 << 20;
inline constexpr std::size_t max_line_octets = 8 << 10;
inline constexpr std::size_t max_include_depth = 8;
inline constexpr std::size_t max_steps = 100'000;
inline constexpr std::uint32_t max_repeat = 100'000;

}  // namespace signalbox::player
