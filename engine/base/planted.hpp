// Bugs that can be planted, one at a time, to see whether the auditor of the virtual world finds them. A planted point is
// one line at the place where somebody might make the mistake. Only planted_tests (simulators/world) compiles the sources
// that include this file with SIGNALBOX_PLANTED; everywhere else a planted point is `false` at compile time and leaves
// nothing in the program.
#pragma once

#include <cstdint>

namespace signalbox::inline base {

enum class bug : std::uint8_t {
  none,
  // the message log
  batch_tail_not_written,
  sync_skipped,
  last_batch_dropped,
  torn_batch_taken,
  dead_segment_read,
  // storing and answering
  answered_before_stored,
  answered_though_not_stored,
  kept_though_refused,
  delivered_before_stored,
  erased_before_answered,
  // outcome and retry
  lost_link_taken_for_success,
  failure_taken_for_success,
  forgotten_after_failure,
  schedule_restarts,
  // receipts
  receipt_of_another_message,
  receipt_forgotten,
  receipt_sent_twice,
  receipt_always_good,
  // who, what, which
  wrong_esme,
  text_cut_at_restart,
  new_id_after_restart,
  ids_given_again,
  end,  // of the list
};

#ifdef SIGNALBOX_PLANTED
inline bug planted_bug = bug::none;
inline std::uint64_t planted_bug_met = 0;
inline bool planted(bug which) {
  if (which != planted_bug) return false;
  ++planted_bug_met;
  return true;
}
#else
constexpr bool planted(bug) { return false; }
#endif

}  // namespace signalbox::inline base
