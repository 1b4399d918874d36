// What a run measured: values only, filled by the generator, read by thresholds and reports. Times are since the first
// message could go (`began`).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulators/load/histogram.hpp"

namespace signalbox::load {

// From the intended send time (open model) or the sending (closed model) to ...
enum class stage : std::uint8_t {
  submit_resp,  // the positive answer; what was throttled first counts from its first intended time
  deliver,      // the arrival at the receiving actor, of messages that carry their number
  receipt,      // the arrival of the delivery receipt
  refusal,      // a negative answer, from the sending of the request whatever the model
};
inline constexpr std::size_t stages = 4;
std::string_view name_of(stage s);

struct line_measures {
  std::string name;
  std::array<histogram, stages> latency;
  std::uint64_t messages = 0;
  std::uint64_t accepted = 0, refused = 0, throttled = 0, unanswered = 0;  // requests
  std::uint64_t unsent = 0;  // of what several lines share by weight the first one's
  std::uint64_t delivered = 0;
  std::optional<duration> first_sent;  // since the run began, as the others
  duration last_intended{}, last_answer{}, last_delivery{};
};

// Of one process, between two looks at it.
struct usage {
  double cpu_percent = 0;  // of one core
  double memory_mib = 0;   // resident
  bool known = false;
};

struct second_measures {
  duration start{}, length{};
  std::uint64_t sent = 0, accepted = 0, throttled = 0, refused = 0, delivered = 0, receipts = 0;
  std::uint64_t unanswered = 0, sessions_lost = 0;
  std::uint64_t backlog = 0;  // at its end: accepted, with a number, and not come yet
  std::array<histogram::sparse, stages> latency;
  std::array<duration, stages> p50{}, p99{};
  usage engine, generator;
};

struct session_measures {
  std::string actor;
  std::uint64_t submitted = 0;  // submit_sm sent, throttled ones taken off
};

struct measures {
  // sessions
  std::uint64_t sessions = 0, sessions_failed = 0, sessions_lost = 0;
  std::uint64_t rebinds = 0;                  // of those lost
  std::vector<session_measures> per_session;  // of actors that send
  std::uint32_t window = 0;                   // the largest of the sending actors
  // requests (a message that is split makes several)
  std::uint64_t messages = 0, target = 0;  // sent for the first time; meant to be sent as far as known
  std::uint64_t sent = 0, accepted = 0, throttled = 0, refused = 0, unanswered = 0;
  std::uint64_t sent_again = 0;                     // without an answer the first time (plan::resend)
  std::uint64_t unsent = 0;                         // due, but no room in the window until the run was given up
  std::map<std::uint32_t, std::uint64_t> statuses;  // answers by status, without ESME_ROK
  // arrivals
  std::uint64_t delivered = 0;                  // deliver_sm and data_sm that are no receipts
  std::uint64_t matched = 0;                    // of them: with a number of ours, for the first time
  std::uint64_t duplicates = 0;                 // with a number that had come before
  std::uint64_t unexpected = 0;                 // with a number that was refused or never sent
  std::uint64_t undelivered = 0;                // accepted, with a number, not come until the end
  std::uint64_t receipts = 0, unreceipted = 0;  // come; asked for and not come
  std::map<std::string, std::uint64_t> receipt_states;
  // time
  bool open = false;      // open model in any stream
  duration elapsed{};     // first request to last answer
  duration delivering{};  // first request to last delivery
  duration last_refusal{};
  duration warm_up{};  // the plan's
  histogram lag;       // actual minus intended start, where window and session let it go
  std::array<histogram, stages> latency;
  std::vector<line_measures> lines;
  std::vector<second_measures> seconds;
  usage engine, generator;  // over the whole run
  usage engine_before;      // its memory before the first connection
  double engine_cpu_s = 0, generator_cpu_s = 0;
  double generator_busy = 0;  // largest share of one core in any full second, 0 to 1; 0: unknown
};

// 7.2 of the original's tool: messages / (milliseconds / 1000), three decimals.
std::string throughput(std::uint64_t messages, std::uint64_t milliseconds);
double per_second(std::uint64_t count, duration span);
std::string time_text(double microseconds);  // 0.85 ms, 12.3 ms, 1.20 s
std::string octets_text(double octets);      // 512 B, 2.90 KiB, 50.9 MiB

}  // namespace signalbox::load
