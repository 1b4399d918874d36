#include "simulators/behaviour/journal.hpp"

namespace signalbox::simulators {

void journal::add(journal_entry entry) {
  kept_.push_back(std::move(entry));
  keep(limit_);
}

void journal::keep(std::size_t limit) {
  limit_ = limit;
  for (; kept_.size() > limit_; ++first_) kept_.pop_front();
}

void journal_tap::cut(smpp::framer& stream, octet_view data, journal_entry::kind what, moment now) {
  if (!book_.keeps() || stream.broken() != nullptr) return;
  stream.feed(data);
  while (auto const whole = stream.next()) {
    journal_entry entry{
        .what = what, .when = now, .connection = connection_, .raw = octets(whole->begin(), whole->end())};
    if (auto decoded = smpp::decode(*whole)) entry.pdu = std::move(*decoded);
    book_.add(std::move(entry));
  }
  if (auto const* bad = stream.broken())
    book_.add(
        {.what = journal_entry::kind::faulty, .when = now, .connection = connection_, .words = describe(bad->why)});
}

}  // namespace signalbox::simulators
